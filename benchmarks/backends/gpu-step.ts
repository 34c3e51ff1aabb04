import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Settings, WorkSpec } from '../protocol'
import { prepareInputs } from '../race/prepare-inputs'
import { findOurs, findTorch, type Starter } from '../race/sides'
import { quantile } from '../race/statistics'
import { PLAIN_SETTINGS } from '../race/torch-settings'
import { currentLoad, describeMachine } from '../report/machine'
import { farthest } from './farthest'
import { isSoftware, openWebGpu } from './web-gpu'

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

const WARM_UP = 2

/** Rounding of float32 through all layers, and two updates. */
const ALLOWED = 1e-2

const TRAIN: WorkSpec = { kind: 'train', inputs: 'train' }

/** Chromium's package brings a Vulkan driver that needs no GPU. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'

interface Arm {
  name: string
  starter: Starter
  settings: Settings
}

function readOptions() {
  const { values } = parseArgs({
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
  const { size, arm, steps, threads } = values
  if (size !== 'full' && size !== 'tiny') throw new Error(`--size must be full or tiny. Received: ${size}.`)
  const unknown = arm.find(name => name !== 'onnxruntime' && name !== 'tfjs')
  if (unknown !== undefined) throw new Error(`--arm must be onnxruntime or tfjs. Received: ${unknown}.`)
  for (const [name, given] of Object.entries({ steps, threads })) {
    if (!/^[1-9]\d*$/.test(given))
      throw new Error(`--${name} must be a whole number above 0. Received: ${given}.`)
  }
  return { ...values, size: size as 'full' | 'tiny', steps: Number(steps), threads: Number(threads) }
}

type Options = ReturnType<typeof readOptions>

/** What computes on the GPU; fails where WebGPU would be asked for and there is none, or software in its place. */
async function findAdapter({ arm, provider, software }: Options): Promise<string | undefined> {
  if (!arm.includes('tfjs') && provider !== 'webgpu') return undefined
  if (software && existsSync(SWIFTSHADER)) process.env['VK_ICD_FILENAMES'] ??= SWIFTSHADER
  const adapter = await openWebGpu()
  if (isSoftware(adapter) && !software) {
    throw new Error(`The WebGPU adapter is ${adapter}, which is no GPU; --software tries all of it there.`)
  }
  return adapter
}

async function findArms({ arm, provider, torch, device, threads }: Options, folder: string): Promise<Arm[]> {
  const ours = await findOurs()
  const known: Record<string, Arm> = {
    onnxruntime: {
      name: `compiled, onnxruntime-node ${provider}`,
      starter: ours,
      settings: { engine: 'compiled', threads, executionProvider: provider },
    },
    tfjs: { name: 'tfjs webgpu', starter: ours, settings: { engine: 'eager', backend: 'webgpu', threads } },
  }
  const arms = arm.map(name => known[name]!)
  if (torch === undefined) return arms
  const starter = await findTorch(torch, join(folder, 'inductor'))
  const gpu = String(starter.about['cuda'])
  if (device === 'cuda' && gpu === '') throw new Error(`${starter.about.name} finds no CUDA device.`)
  const name = `${starter.about.name}, ${device === 'cuda' ? gpu : device}`
  return [...arms, { name, starter, settings: { ...PLAIN_SETTINGS, threads, device } }]
}

/** Runs something in a process of its own, with the work loaded. */
async function withWork<T>(
  { starter, settings }: Arm,
  folder: string,
  use: (side: ReturnType<Starter['start']>) => Promise<T>,
): Promise<T> {
  const side = starter.start(settings)
  try {
    await side.ask('load', { work: TRAIN, folder, settings })
    return await use(side)
  } finally {
    await side.close()
  }
}

async function compare(arm: Arm, folder: string, file: string): Promise<string> {
  const to = join(folder, `${file}.safetensors`)
  await withWork(arm, folder, side => side.ask('compare', { to }))
  return to
}

const time = (arm: Arm, folder: string, steps: number): Promise<number[]> =>
  withWork(arm, folder, async side => {
    await side.ask('run', { repeat: WARM_UP })
    return (await side.ask('run', { repeat: steps })).ms
  })

async function run(options: Options, folder: string): Promise<boolean> {
  const { size, steps, threads } = options
  const adapter = await findAdapter(options)
  const { processor, cores, node } = describeMachine()
  console.log(`${processor}, ${cores} cores, node ${node}, load ${currentLoad().toFixed(1)}`)
  if (adapter !== undefined)
    console.log(`WebGPU adapter: ${adapter}${isSoftware(adapter) ? ' (software)' : ''}`)
  const arms = await findArms(options, folder)
  const starter = await findOurs()
  await prepareInputs(starter, { folder, size, posts: '', vocab: '' })
  const reference: Arm = { name: 'onnxruntime-node cpu', starter, settings: { engine: 'compiled', threads } }
  const exact = await compare(reference, folder, 'compared-cpu')
  let agree = true
  const medians: { name: string; median: number }[] = []
  for (const arm of arms) {
    try {
      const { name, share } = farthest(await compare(arm, folder, 'compared'), exact)
      console.log(`${arm.name}: within ${share.toExponential(1)} of ${reference.name} (${name})`)
      if (!(share <= ALLOWED)) throw new Error(`${name} is further than ${ALLOWED}: not timed.`)
      const times = await time(arm, folder, steps)
      const [low, median, high] = [0.25, 0.5, 0.75].map(part => quantile(times, part)) as [
        number,
        number,
        number,
      ]
      medians.push({ name: arm.name, median })
      console.log(`  a step takes ${median.toFixed(1)} ms (${low.toFixed(1)} to ${high.toFixed(1)})`)
    } catch (error) {
      agree = false
      console.log(`${arm.name}: FAILED, ${(error as Error).message}`)
    }
  }
  const torch = medians.find(({ name }) => name.startsWith('PyTorch'))
  for (const { name, median } of torch ? medians : []) {
    if (name !== torch!.name) console.log(`${name}: ${(median / torch!.median).toFixed(2)} x ${torch!.name}`)
  }
  return agree
}

const folder = await mkdtemp(join(tmpdir(), 'maf-gpu-step-'))
try {
  if (!(await run(readOptions(), folder))) process.exitCode = 1
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  process.exitCode = 2
} finally {
  await rm(folder, { recursive: true, force: true })
}
// An open GPU keeps the process alive.
process.exit()
