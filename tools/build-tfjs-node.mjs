// @ts-check
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError } from '@commander-js/extra-typings'
import { compileAddon, findPackage, LIBRARIES, nodeHeaders } from './tfjs-node/compile-addon.mjs'
import {
  BuildError,
  downloadWheel,
  extractWheel,
  run,
  TENSORFLOW_VERSION,
} from './tfjs-node/tensorflow-wheel.mjs'

// Builds the addon of an installed @tensorflow/tfjs-node, or -gpu, against the libtensorflow of a Python wheel, for where
// its own install script cannot download one: behind a firewall, or on Node 22 and newer.
const command = new Command('node tools/build-tfjs-node.mjs')
  .option('--gpu', 'build @tensorflow/tfjs-node-gpu instead of @tensorflow/tfjs-node', false)
  .option('--project <folder>', 'where the package is installed', process.env['INIT_CWD'] ?? '.')
  .option('--tensorflow <x.y.z>', 'release whose wheel pip downloads', TENSORFLOW_VERSION)
  .option('--wheel <file>', 'a wheel that is here already')
  .option('--installed <folder>', 'the folder "tensorflow" of a Python that has it, to use in place')
  .option('--python <program>', 'a Python 3 with pip', 'python3')
  .option('--compiler <program>', 'a C++17 compiler', 'g++')
  .exitOverride()
  .showHelpAfterError()

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

/** @param {ReturnType<typeof command.opts>} given @returns {void} */
function build({ gpu, project, tensorflow: version, wheel, installed, python, compiler }) {
  const name = gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'
  const { folder, version: release, addon } = findPackage(project, name)
  const dependencies = join(folder, 'deps')
  // Beside the package's files, so that what is finished is only renamed.
  const work = mkdtempSync(join(folder, '.build-'))
  try {
    const tensorflow = (() => {
      if (installed !== undefined) return realpathSync(installed)
      const distribution = gpu ? 'tensorflow' : 'tensorflow-cpu'
      if (wheel === undefined) console.log(`pip downloads ${distribution} ${version} ...`)
      const file = wheel ?? downloadWheel({ python, distribution, version, folder: work })
      const extracted = extractWheel({ python, wheel: file, folder: work })
      // A wheel is half a gigabyte.
      if (wheel === undefined) rmSync(file)
      return extracted
    })()
    console.log(`${compiler} compiles the addon of ${name} ${release} ...`)
    const built = join(work, 'tfjs_binding.node')
    compileAddon({
      compiler,
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
  command.action(build).parse()
} catch (error) {
  const isWrongUse = error instanceof CommanderError
  if (!(error instanceof BuildError || isWrongUse)) throw error
  if (!isWrongUse) console.error(error.message)
  process.exitCode = isWrongUse ? error.exitCode && 2 : 1
}
