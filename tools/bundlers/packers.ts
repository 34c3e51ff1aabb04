import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build as esbuild } from 'esbuild'
import { build as vite } from 'vite'
import webpack from 'webpack'

/** Packs the page of a folder into another, as the guide says; gives what the bundler warned of. */
type Packer = (app: string, out: string) => Promise<readonly string[]>

const packWithVite: Packer = async (root, outDir) => {
  const warnings: string[] = []
  await vite({
    root,
    configFile: false,
    logLevel: 'silent',
    build: {
      outDir,
      emptyOutDir: true,
      rolldownOptions: {
        onLog: (level, { message }) => {
          if (level === 'warn') warnings.push(message)
        },
      },
    },
  })
  return warnings
}

const packWithWebpack: Packer = async (context, path) => {
  const compiler = webpack({
    mode: 'production',
    ...{ context, entry: './main.js', output: { path } },
    // A runtime of 14 MB is more than it likes.
    performance: false,
  })
  const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) =>
    compiler.run((error, result) => (error ? reject(error) : resolve(result))),
  )
  await new Promise(resolve => compiler.close(resolve))
  const { errors = [], warnings = [] } = stats!.toJson({ all: false, errors: true, warnings: true })
  if (errors.length > 0) throw new Error(`webpack: ${errors.map(({ message }) => message).join('; ')}`)
  await cp(join(context, 'index.html'), join(path, 'index.html'))
  return warnings.map(({ message }) => message)
}

const packWithEsbuild: Packer = async (app, outdir) => {
  const packages = join(app, 'node_modules')
  const { warnings } = await esbuild({
    entryPoints: {
      main: join(app, 'main.js'),
      'browser-worker': join(packages, '@mafjs/ner-maf/dist/browser-worker.js'),
    },
    ...{ bundle: true, minify: true, splitting: true, format: 'esm', outdir, logLevel: 'silent' },
  })
  await cp(join(app, 'index.html'), join(outdir, 'index.html'))
  for (const file of ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.asyncify.wasm']) {
    await cp(join(packages, 'onnxruntime-web/dist', file), join(outdir, file))
  }
  return warnings.map(({ text }) => text)
}

/** Nothing is packed: the page imports the built file by its address. */
const serveAsItIs: Packer = async (app, out) => {
  const source = await readFile(join(app, 'main.js'), 'utf8')
  await mkdir(out, { recursive: true })
  await writeFile(join(out, 'main.js'), source.replace('@mafjs/ner-maf/browser', '/maf/browser.js'))
  await cp(join(app, 'index.html'), join(out, 'index.html'))
  await cp(join(app, 'node_modules/@mafjs/ner-maf/dist'), join(out, 'maf'), { recursive: true })
  return []
}

export const PACKERS = {
  vite: packWithVite,
  webpack: packWithWebpack,
  esbuild: packWithEsbuild,
  'no bundler': serveAsItIs,
}
