import { join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { quantile } from '@mafjs/evaluate'
import { count, runCommand, withFolder } from '../../tools/command'
import { isSoftware, openWebGpu, softwareAdapter } from '../../tools/engine/web-gpu'
import { machineLine } from '../machine'
import type { Settings, WorkSpec } from '../protocol'
import { compareWorks } from '../race/compare-works'
import { findOurs, findTorch, firstLine, prepareInputs, type Starter, withWork } from '../race/sides'
import { PLAIN_SETTINGS } from '../race/torch-settings'
import { shown } from '../timing'

// One training step of the full-size model (BERT-base, ResNet-152, batches of 8) on a GPU: on ONNX Runtime, on tfjs's webgpu,
// and in PyTorch, the same weights and batches. Outputs, gradients and losses after two updates are compared first.
const ARMS = ['onnxruntime', 'tfjs'] as const
const command = new Command('npm run gpu-step --')
  .addOption(new Option('--size <name>').choices(['full', 'tiny']).default('full'))
  .addOption(new Option('--arm <name...>').choices(ARMS).default(ARMS))
  .option('--provider <name>', "ONNX Runtime's execution provider", 'webgpu')
  .option('--torch <python>', 'a Python with PyTorch; its GPU is raced (default: none)')
  .option('--device <name>', 'where PyTorch computes', 'cuda')
  .option('--steps <n>', 'timed steps of each; two more go before them', count, 9)
  .option('--threads <n>', 'of what computes on the processor', count, 2)
  .option('--software', 'take an adapter that needs no GPU: everything runs, the times say nothing', false)

/** Rounding of float32 through all layers, and two updates. */
const ALLOWED = 1e-2

interface Arm {
  name: string
  starter: Starter
  settings: Settings
}

type Options = ReturnType<typeof command.opts>

/** What computes on the GPU; fails where WebGPU would be asked for and there is none, or software in its place. */
async function findAdapter({ arm, provider, software }: Options): Promise<string | undefined> {
  if (!arm.includes('tfjs') && provider !== 'webgpu') return undefined
  if (software) Object.assign(process.env, { ...softwareAdapter(), ...process.env })
  const adapter = await openWebGpu()
  if (isSoftware(adapter) && !software)
    throw new Error(`The WebGPU adapter is ${adapter}, which is no GPU; --software tries all of it there.`)
  return adapter
}

async function findArms(options: Options, starter: Starter, folder: string): Promise<Arm[]> {
  const { arm, provider, torch, device, threads } = options
  const known: Record<(typeof ARMS)[number], Arm> = {
    onnxruntime: {
      name: `compiled, onnxruntime-node ${provider}`,
      ...{ starter, settings: { engine: 'compiled', threads, executionProvider: provider } },
    },
    tfjs: { name: 'tfjs webgpu', starter, settings: { engine: 'eager', backend: 'webgpu', threads } },
  }
  const arms = arm.map(name => known[name])
  if (torch === undefined) return arms
  const theirs = await findTorch(torch, join(folder, 'inductor'))
  const gpu = String(theirs.about['cuda'])
  if (device === 'cuda' && gpu === '') throw new Error(`${theirs.about.name} finds no CUDA device.`)
  const name = `${theirs.about.name}, ${device === 'cuda' ? gpu : device}`
  return [...arms, { name, starter: theirs, settings: { ...PLAIN_SETTINGS, threads, device } }]
}

async function run(options: Options, folder: string): Promise<boolean> {
  const { size, steps, threads } = options
  const adapter = await findAdapter(options)
  console.log(machineLine())
  if (adapter !== undefined)
    console.log(`WebGPU adapter: ${adapter}${isSoftware(adapter) ? ' (software)' : ''}`)
  const starter = await findOurs()
  const arms = await findArms(options, starter, folder)
  await prepareInputs(starter, { folder, size, posts: '', epochPosts: '', vocab: '' })
  const work: WorkSpec = { kind: 'train', inputs: 'train' }
  const compute = async (arm: Arm, file: string): Promise<string> => {
    const to = join(folder, `${file}.safetensors`)
    await withWork(arm.starter, { work, folder, settings: arm.settings }, side => side.ask('compare', { to }))
    return to
  }
  const reference: Arm = { name: 'onnxruntime-node cpu', starter, settings: { engine: 'compiled', threads } }
  const exact = await compute(reference, 'compared-cpu')
  let agree = true
  const medians: { name: string; median: number }[] = []
  for (const arm of arms) {
    try {
      const ours = await compute(arm, 'compared')
      const found = compareWorks({ ours, theirs: exact, exact }, { limit: ALLOWED })
      const off = [found.outputs, found.gradients!].map(({ ours: share }) => share.toExponential(1))
      console.log(`${arm.name}: within ${off.join(' (gradients ')}) of ${reference.name}`)
      if (found.problem !== undefined) throw new Error(`${found.problem}: not timed.`)
      const times = await withWork(arm.starter, { work, folder, settings: arm.settings }, async side => {
        await side.ask('run', { repeat: 2 })
        return (await side.ask('run', { repeat: steps })).ms
      })
      medians.push({ name: arm.name, median: quantile(times, 0.5) })
      console.log(`  a step takes ${shown(times)}`)
    } catch (error) {
      agree = false
      console.log(`${arm.name}: FAILED, ${firstLine(error)}`)
    }
  }
  const torch = medians.find(({ name }) => name.startsWith('PyTorch'))
  for (const { name, median } of torch ? medians : []) {
    if (name !== torch!.name) console.log(`${name}: ${(median / torch!.median).toFixed(2)} x ${torch!.name}`)
  }
  return agree
}

await runCommand(
  command.action(async options => {
    if (!(await withFolder('gpu-step', folder => run(options, folder)))) process.exitCode = 1
  }),
)
// An open GPU keeps the process alive.
process.exit()
