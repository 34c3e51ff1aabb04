// @ts-check
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { compileAddon, findPackage, LIBRARIES, nodeHeaders } from './tfjs-node/compile-addon.mjs'
import {
  BuildError,
  downloadWheel,
  extractWheel,
  run,
  TENSORFLOW_VERSION,
} from './tfjs-node/tensorflow-wheel.mjs'

// Builds the addon of an installed @tensorflow/tfjs-node, or -gpu, against the libtensorflow of a Python wheel, for where
// its own install script cannot download one: behind a firewall, or on Node 22 and newer. It needs Node alone: whoever has cloned
// the repository for it has installed nothing.
const USAGE = `node tools/build-tfjs-node.mjs [options]
  --gpu                 build @tensorflow/tfjs-node-gpu instead of @tensorflow/tfjs-node
  --project <folder>    where the package is installed (default: here)
  --tensorflow <x.y.z>  release whose wheel pip downloads (default: ${TENSORFLOW_VERSION})
  --wheel <file>        a wheel that is here already
  --installed <folder>  the folder "tensorflow" of a Python that has it, to use in place
  --python <program>    a Python 3 with pip (default: python3)
  --compiler <program>  a C++17 compiler (default: g++)`

/** @param {string} folder the installed package's @returns {string} what was seen */
function seeItWork(folder) {
  const program = fileURLToPath(new URL('tfjs-node/check-addon.mjs', import.meta.url))
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  const printed = run(
    process.execPath,
    [program, folder],
    'The addon was built but does not work; it was removed.',
    env,
  )
  const { backend, tensorflow, gpu, product, weight, top } = JSON.parse(printed)
  const right =
    backend === 'tensorflow' &&
    String(product) === '7,10,15,22' &&
    Math.abs(weight - 2.4) < 1e-6 &&
    String(top) === '1,1'
  if (!right) throw new BuildError(`The addon computes wrongly; it was removed. Received: ${printed}`)
  return `TensorFlow ${tensorflow} on ${gpu ? 'a GPU' : 'the CPU'}, Node ${process.version}`
}

/** @param {Record<string, string | boolean | undefined>} given @returns {void} */
function build({ gpu, project, tensorflow: version, wheel, installed, python, compiler }) {
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'
  const { folder, version: release, addon } = findPackage(String(project), name)
  const dependencies = join(folder, 'deps')
  // Beside the package's files, so that what is finished is only renamed.
  const work = mkdtempSync(join(folder, '.build-'))
  try {
    const tensorflow = (() => {
      if (installed !== undefined) return realpathSync(String(installed))
      const distribution = gpu ? 'tensorflow' : 'tensorflow-cpu'
      if (wheel === undefined) console.log(`pip downloads ${distribution} ${version} ...`)
      const file =
        wheel ??
        downloadWheel({ python: String(python), distribution, version: String(version), folder: work })
      const extracted = extractWheel({ python: String(python), wheel: String(file), folder: work })
      // A wheel is half a gigabyte.
      if (wheel === undefined) rmSync(String(file))
      return extracted
    })()
    console.log(`${compiler} compiles the addon of ${name} ${release} ...`)
    const built = join(work, 'tfjs_binding.node')
    compileAddon({
      compiler: String(compiler),
      sources: folder,
      headers: nodeHeaders(work),
      tensorflow,
      // Libraries that stay where Python has them find CUDA's beside themselves.
      libraries: installed === undefined ? '$ORIGIN/../../deps/lib' : tensorflow,
      out: built,
    })
    rmSync(addon, { force: true })
    rmSync(dependencies, { recursive: true, force: true })
    if (installed === undefined) {
      mkdirSync(join(dependencies, 'lib'), { recursive: true })
      for (const library of LIBRARIES)
        renameSync(join(tensorflow, library), join(dependencies, 'lib', library))
    }
    mkdirSync(dirname(addon), { recursive: true })
    renameSync(built, addon)
    try {
      console.log(`It works: ${seeItWork(folder)}`)
    } catch (error) {
      rmSync(addon, { force: true })
      rmSync(dependencies, { recursive: true, force: true })
      throw error
    }
    console.log(`Addon: ${addon}`)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

try {
  const { values } = parseArgs({
    options: {
      gpu: { type: 'boolean', default: false },
      project: { type: 'string', default: process.env['INIT_CWD'] ?? '.' },
      tensorflow: { type: 'string', default: TENSORFLOW_VERSION },
      wheel: { type: 'string' },
      installed: { type: 'string' },
      python: { type: 'string', default: 'python3' },
      compiler: { type: 'string', default: 'g++' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) console.log(USAGE)
  else build(values)
} catch (error) {
  const isWrongUse = error instanceof TypeError && 'code' in error
  if (!(error instanceof BuildError || isWrongUse)) throw error
  console.error(isWrongUse ? `${error.message}\n${USAGE}` : error.message)
  process.exitCode = isWrongUse ? 2 : 1
}
