// @ts-check

/**
 * A problem of the workspace: where it is, what is wrong, what to do.
 * @typedef {{ file: string, problem: string, fix: string }} Problem
 */

/** The layers, lowest first; a package imports only from lower layers, so siblings never import each other. */
export const layers = [
  ['tensor'],
  ['align', 'interact', 'match', 'fuse', 'crf', 'compile', 'evaluate', 'explain'],
  ['encoders', 'train'],
  ['data'],
  ['demo-corpus'],
  ['ner-maf'],
  ['serve'],
  ['cli'],
]

/** The packages that need Node; the others also run in browsers and import no built-in module. */
export const needNode = ['compile', 'encoders', 'train', 'data', 'demo-corpus', 'ner-maf', 'serve', 'cli']

/** Folders of the others that need it, behind a subpath of their own: a page never imports them. */
export const nodeFolders = { tensor: ['src/files', 'src/processes'] }

/** Those of them that have a side of their own for browsers, by the import condition `browser`. */
export const haveBrowserSide = ['compile']

/** Built files in one piece, for where nothing finds a package: they hold what they are made of, with the licences of others. */
export const inOnePiece = { 'ner-maf': ['dist/browser.js', 'dist/browser-worker.js'] }

/** Packages of others that a package may run without, where it says itself what to install. */
export const optionalPackages = {
  tensor: ['@tensorflow/tfjs-layers'],
  compile: [
    'onnxruntime-node',
    'onnxruntime-web',
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-wasm',
    '@tensorflow/tfjs-node',
    '@tensorflow/tfjs-node-gpu',
  ],
  'ner-maf': ['onnxruntime-node', 'onnxruntime-web'],
  cli: ['onnxruntime-node', '@mafjs/serve'],
}

/** Packages that compute without TensorFlow.js; of `tensor` they read the parts that do without it. */
export const withoutTensors = ['evaluate', 'explain']

/** Exports that need one of them, by package and subpath; all the others of a package do without. */
export const optionalExports = { tensor: { './layers': '@tensorflow/tfjs-layers' } }

/** Files of a package that do something when they are imported: the lowerings of kernels register themselves. */
export const sideEffects = { compile: ['./src/kernels/*', './dist/*'] }

/**
 * What a page needs of the packages that need Node: files, or folders, that with all they import of their own package do
 * without it, so that none has to move when a page is to run a model.
 */
export const pageFiles = {
  data: [
    'src/posts/',
    'src/batches/',
    'src/formats/',
    'src/containers/',
    'src/reading/read-post.ts',
    'src/pictures/decode-pictures.ts',
    'src/pictures/picture-batch.ts',
    'src/features/encode-rows.ts',
  ],
  encoders: [
    'src/tokenizer/',
    'src/text/word-shapes.ts',
    'src/pictures/prepare-picture.ts',
    'src/pictures/saved-preparation.ts',
    'src/onnx/encode-pictures.ts',
  ],
  train: ['src/predict-rows.ts'],
  'ner-maf': [
    'src/browser/',
    'src/task/tag.ts',
    'src/predict/annotate-posts.ts',
    'src/predict/explain-post.ts',
  ],
}

/**
 * Folders of a package that still import each other in a ring; none may join them, and who left may not come back.
 * @type {Record<string, string[]>}
 */
export const knownRings = {}

/** The layer of a package, -1 when the table lacks it. @param {string} short @returns {number} */
export const layerOf = short => layers.findIndex(layer => layer.includes(short))

/** Whether package `from` may import package `to`. @param {string} from @param {string} to @returns {boolean} */
export const mayImport = (from, to) => layerOf(to) >= 0 && layerOf(to) < layerOf(from)
