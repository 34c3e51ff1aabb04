import { createReadStream } from 'node:fs'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type EngineOptions, useBackend } from '@mafjs/compile/engine'
import { FORMATS, readExamples, streamLines } from '@mafjs/data'
import { loadImageEncoder, loadPicture, loadTextEncoder, loadTokenizer, readWeights } from '@mafjs/encoders'
import { exportRun, loadMaf, type MafAnnotator } from '@mafjs/ner-maf'
import { storeFloat32, writeSafetensors } from '@mafjs/tensor/safetensors'
import { Command, Option } from 'commander'
import sharp from 'sharp'
import { withConfigFile } from '../../packages/cli/src/commands/config-file'
import { wholeNumber } from '../../packages/cli/src/commands/options'
import { annotateLines } from '../../packages/cli/src/predict/annotate-lines'
import { POST_SAMPLES } from './post-samples'

/** Files that are read from elsewhere, and what reads them. */
export interface Kind {
  name: string
  /** Writes valid ones into a folder. @param runs what `writeTinyRuns` wrote */
  write(folder: string, runs: string): Promise<unknown>
  /** Those that are made hostile. @default all */
  files?: RegExp
  /** Reads what a file of the folder belongs to, as a user would. */
  read(file: string): Promise<unknown>
}

const FIXTURES = fileURLToPath(new URL('../../packages/data/test/fixtures/formats', import.meta.url))
const ENCODERS = fileURLToPath(new URL('../../packages/encoders/test/', import.meta.url))

const copied =
  (...places: string[]) =>
  async (folder: string): Promise<void> => {
    for (const place of places)
      await cp(join(ENCODERS, place), join(folder, basename(place)), { recursive: true })
  }

/** Writes texts by their paths; an object is JSON. */
async function writeAll(folder: string, files: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
}

const readPosts = (file: string): Promise<unknown> =>
  readExamples(file, { labelNames: ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'] })

/** Every format of posts: one without a sample is told so, not left out. */
const posts = FORMATS.map(
  ({ name, suffixes }): Kind => ({
    name: name.toLowerCase().replaceAll(' ', '-'),
    async write(folder) {
      const sample = POST_SAMPLES[name]
      if (sample === undefined) throw new Error(`tools/fuzz/post-samples.ts has no sample of ${name}.`)
      if (typeof sample === 'object') return writeAll(folder, sample)
      const lines = sample.trim().split('\n')
      const array = lines[0]!.startsWith('{') && { 'posts.json': `[\n${lines.join(',\n')}\n]\n` }
      await writeAll(folder, { [`posts${suffixes[0] ?? '.jsonl'}`]: sample, ...array })
    },
    // The text of a document of brat is read with its annotations.
    read: file => readPosts(name === 'brat' ? file.replace(/\.txt$/, '.ann') : file),
  }),
)

export const FORMAT_NAMES = posts.map(({ name }) => name)

async function answer(folder: string, options: EngineOptions): Promise<void> {
  const maf = await loadMaf(folder, options)
  await maf.annotate({ text: 'kevin loves paris in the spring' }).finally(maf.dispose)
}

let predictor: Promise<MafAnnotator> | undefined

export const kinds: readonly Kind[] = [
  {
    name: 'safetensors',
    async write(folder, runs) {
      await cp(join(runs, 'resnet.safetensors'), join(folder, 'resnet.safetensors'))
      const weight = storeFloat32(Float32Array.of(1, 2, 3, 4), [2, 2])
      const half = { dtype: 'F16' as const, shape: [2], bytes: Uint8Array.of(0, 60, 0, 64) }
      await writeFile(join(folder, 'small.safetensors'), writeSafetensors({ weight, half }, { format: 'pt' }))
      const weight_map = { weight: 'small.safetensors', half: 'small.safetensors' }
      await writeAll(folder, { 'model.safetensors.index.json': { weight_map } })
    },
    read: readAll,
  },
  { name: 'torch', write: copied('weights/fixtures'), files: /(mixed[^/]*|layers)\.pt$/, read: readAll },
  {
    name: 'tokenizer',
    async write(folder) {
      const { kinds } = JSON.parse(await readFile(join(ENCODERS, 'tokenizer/fixtures/fuzz.json'), 'utf8'))
      for (const [name, { tokenizer }] of Object.entries<{ tokenizer: object }>(kinds)) {
        await writeAll(folder, { [`${name}/tokenizer.json`]: tokenizer })
      }
      await writeAll(folder, {
        'uncased/tokenizer_config.json': { do_lower_case: true, unk_token: '[UNK]', model_max_length: 64 },
        'uncased/special_tokens_map.json': {
          cls_token: '[CLS]',
          sep_token: { content: '[SEP]', lstrip: false },
        },
        'bytes/vocab.json': { '<s>': 0, '</s>': 1, '<unk>': 2, '<pad>': 3, Ġ: 4, a: 5, b: 6, Ġa: 7 },
        'bytes/merges.txt': '#version: 0.2\nĠ a\n',
        'words/vocab.txt': '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##b\nkevin\n',
        'words/added_tokens.json': { covid: 8 },
      })
    },
    async read(file) {
      const { tokenizer } = await loadTokenizer(dirname(file), { maxLength: 64 })
      tokenizer.encodeWords(['kevin', 'ÀΣΑΣ', '👩‍🚀', '  ', '', 'a'.repeat(3000), '東京', '#covid'])
      tokenizer.encodeText('kevin loves (paris)', 'b')
    },
  },
  {
    name: 'config',
    write: copied('fixtures/vit', 'fixtures/clip', 'fixtures/text-encoders'),
    files: /config\.json$/,
    async read(file) {
      const load = file.includes('text-encoders') ? loadTextEncoder : loadImageEncoder
      const { encoder } = await load(dirname(file))
      encoder?.dispose()
    },
  },
  {
    name: 'onnx',
    write: (folder, runs) => cp(join(runs, 'pooling.onnx'), join(folder, 'pooling.onnx')),
    read: file => loadImageEncoder(file, { onnx: { regionsOutput: 'output', pictureSize: 32 } }),
  },
  ...posts,
  {
    name: 'csv',
    write: folder =>
      writeAll(folder, {
        'posts.csv': 'id,text,label,image\n1,"I met ""Rob""","[[0, 1, ""PER""]]",7.png\n2,"a\nb",[],\n',
        'words.csv': 'Sentence #,Word,POS,Tag\nSentence: 1,Rob,NNP,B-per\n,sleeps,VBZ,O\n',
      }),
    read: readPosts,
  },
  {
    name: 'parquet',
    write: folder => cp(FIXTURES, folder, { recursive: true }),
    files: /parquet$/,
    read: readPosts,
  },
  {
    name: 'yaml',
    write: folder =>
      writeAll(folder, {
        'run.yaml': 'data: posts\nepochs: 2 # two\nseeds: [1, 2]\nbatch-size: 8\nworker: true\n',
      }),
    async read(file) {
      const command = new Command('train').exitOverride().configureOutput({ writeErr: () => {} })
      for (const flags of ['--data <folder>', '--seeds <list>', '--worker', '--name <names...>'])
        command.option(flags)
      for (const name of ['epochs', 'batch-size']) {
        command.addOption(new Option(`--${name} <count>`).argParser(wholeNumber(1)))
      }
      command.option('--config <file>').action(() => {})
      await withConfigFile(command, ['data']).parseAsync(['--config', file], { from: 'user' })
    },
  },
  {
    name: 'pictures',
    async write(folder) {
      const drawn = sharp({ create: { width: 20, height: 9, channels: 3, background: '#7b2' } })
      for (const format of ['png', 'jpeg', 'webp', 'gif', 'tiff', 'avif'] as const) {
        await drawn.toFormat(format).toFile(join(folder, `a.${format}`))
      }
    },
    read: file => loadPicture(file, { size: 16, resize: 16 }),
  },
  {
    name: 'checkpoint',
    async write(folder, runs) {
      for (const run of ['text-only', 'frozen-resnet', 'onnx-image']) {
        await cp(join(runs, run), join(folder, run), { recursive: true })
      }
    },
    files: /(config|tokenizer)\.json$|model\.safetensors$|\.onnx$/,
    read: file => answer(dirname(file), { engine: 'tfjs', backend: 'cpu' }),
  },
  {
    name: 'export',
    async write(folder, runs) {
      for (const run of ['text-only', 'frozen-resnet', 'onnx-image']) {
        const out = join(folder, run)
        await exportRun({ model: join(runs, run), out, threads: 1 })
        // With digests nothing that is damaged would be read.
        const { sha256, ...config } = JSON.parse(await readFile(join(out, 'config.json'), 'utf8'))
        await writeAll(out, { 'config.json': config })
      }
      await useBackend('cpu')
    },
    read: file => answer(dirname(file), { engine: 'onnx', threads: 1 }),
  },
  {
    name: 'predict',
    async write(folder, runs) {
      await cp(join(runs, 'frozen-resnet'), join(folder, 'model'), { recursive: true })
      await cp(join(runs, 'images'), join(folder, 'images'), { recursive: true })
      await writeAll(folder, { 'lines.jsonl': POST_SAMPLES['JSONL'] })
    },
    files: /lines\.jsonl$/,
    async read(file) {
      const folder = dirname(file)
      predictor ??= loadMaf(join(folder, 'model'), { engine: 'tfjs', backend: 'cpu' })
      // Thousands of valid lines are only work.
      const lines = streamLines(createReadStream(file, { end: 20_000 }))
      for await (const { line } of annotateLines(await predictor, lines, {
        images: join(folder, 'images'),
      })) {
        JSON.parse(line)
      }
    },
  },
]

/** Weights are decoded only when they are asked for. */
async function readAll(file: string): Promise<void> {
  const { weights } = await readWeights(file)
  for (const weight of Object.values(weights)) weight.values()
}
