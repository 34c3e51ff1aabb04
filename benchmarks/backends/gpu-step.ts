import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { isSoftware, openWebGpu, softwareAdapter } from '../../tools/engine/web-gpu'
import { countOf, oneOf, runCommand } from '../command'
import { machineLine } from '../machine'
import type { Settings, WorkSpec } from '../protocol'
import { compareWorks } from '../race/compare-works'
import { findOurs, findTorch, firstLine, prepareInputs, type Starter, withWork } from '../race/sides'
import { quantile } from '../race/statistics'
import { PLAIN_SETTINGS } from '../race/torch-settings'
import { shown } from '../timing'

// One training step of the full-size model (BERT-base, ResNet-152, batches of 8) on a GPU: on ONNX Runtime, on tfjs's webgpu,
// and in PyTorch, the same weights and batches. Outputs, gradients and losses after two updates are compared first.
const USAGE = `npm run gpu-step -- [options]
  --size NAME      full or tiny (default full)
  --arm NAME       onnxruntime, tfjs; may be given several times (default: both)
  --provider NAME  ONNX Runtime's execution provider (default webgpu)
  --torch PYTHON   a Python with PyTorch; its GPU is raced (default: none)
  --device NAME    where PyTorch computes (default cuda)
  --steps N        timed steps of each (default 9); two more go before them
  --threads N      of what computes on the processor (default 2)
  --software       take an adapter that needs no GPU: everything runs, the times say nothing`

/** Rounding of float32 through all layers, and two updates. */
const ALLOWED = 1e-2

interface Arm {
  name: string
  starter: Starter
  settings: Settings
}

function readOptions(words: string[]) {
  const { values } = parseArgs({
    args: words,
    options: {
      size: { type: 'string', default: 'full' },
      arm: { type: 'string', multiple: true, default: ['onnxruntime', 'tfjs'] },
      provider: { type: 'string', default: 'webgpu' },
      torch: { type: 'string' },
      device: { type: 'string', default: 'cuda' },
      steps: { type: 'string', default: '9' },
      threads: { type: 'string', default: '2' },
      software: { type: 'boolean', default: false },
    },
  })
  return {
    ...values,
    size: oneOf('--size', ['full', 'tiny'], values.size),
    arm: values.arm.map(name => oneOf('--arm', ['onnxruntime', 'tfjs'] as const, name)),
    steps: countOf('--steps', values.steps),
    threads: countOf('--threads', values.threads),
  }
}

type Options = ReturnType<typeof readOptions>

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
  const known: Record<Options['arm'][number], Arm> = {
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
  await prepareInputs(starter, { folder, size, posts: '', vocab: '' })
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

await runCommand(USAGE, readOptions, async options => {
  const folder = await mkdtemp(join(tmpdir(), 'maf-gpu-step-'))
  try {
    if (!(await run(options, folder))) process.exitCode = 1
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
// An open GPU keeps the process alive.
process.exit()
