import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { openTensorFile } from '../files/tensor-file'
import { writeTensorFile } from '../files/write-tensor-file'
import { quantile } from '../race/statistics'
import { currentLoad, describeMachine } from '../report/machine'
import { createOurs, type Ours } from './ours'
import { type Peer, startPeer, type Time, type Timed } from './peer'
import { type CnnWork, WORKS } from './works'

// Trains convolutional networks here and in PyTorch: losses and gradients compared first, then timed in turns.
const USAGE = `node --conditions=@mafjs/source --import tsx benchmarks/cnn/bench.ts [options]
  --work NAME      ${Object.keys(WORKS).join(', ')}; may be given several times (default: small and resnet18)
  --torch PYTHON   a Python with PyTorch; may be given several times (default /usr/bin/python3)
  --layout NAME    PyTorch's order of a picture's axes, contiguous or channelsLast (default contiguous)
  --threads N      of each side (default 2)
  --repeats N      turns of each side (default 9)`

const TIMED: readonly Timed[] = ['forward', 'gradients', 'step']

/** A gradient may differ by so much of its greatest number: both sides round. */
const ALLOWED = 2e-3

function options() {
  const { values } = parseArgs({
    options: {
      work: { type: 'string', multiple: true, default: ['small', 'resnet18'] },
      torch: { type: 'string', multiple: true, default: ['/usr/bin/python3'] },
      layout: { type: 'string', default: 'contiguous' },
      threads: { type: 'string', default: '2' },
      repeats: { type: 'string', default: '9' },
    },
  })
  const unknown = values.work.find(name => !(name in WORKS))
  if (unknown !== undefined)
    throw new Error(`--work must be one of ${Object.keys(WORKS)}. Received: ${unknown}.`)
  if (values.layout !== 'contiguous' && values.layout !== 'channelsLast') {
    throw new Error(`--layout must be contiguous or channelsLast. Received: ${values.layout}.`)
  }
  return {
    ...values,
    layout: values.layout as 'contiguous' | 'channelsLast',
    threads: Number(values.threads),
    repeats: Number(values.repeats),
  }
}

/** The largest difference of any tensor, as a share of its greatest number. */
function farthest(ours: Record<string, Float32Array>, path: string): { name: string; share: number } {
  const file = openTensorFile(path)
  let worst = { name: '', share: 0 }
  try {
    for (const name of file.names) {
      const [theirs, own] = [file.read(name).values, ours[name]]
      if (own?.length !== theirs.length) throw new Error(`${name} is missing or of another size.`)
      let [most, scale] = [0, 1e-12]
      for (const [i, value] of theirs.entries()) {
        most = Math.max(most, Math.abs(value - own[i]!))
        scale = Math.max(scale, Math.abs(value))
      }
      if (!(most / scale <= worst.share)) worst = { name, share: most / scale }
    }
  } finally {
    file.close()
  }
  return worst
}

async function writeWork({ parameters, pictures }: CnnWork, path: string): Promise<void> {
  const tensors = new Map<string, { shape: readonly number[]; values: Float32Array }>([['pixels', pictures]])
  for (const [name, variable] of Object.entries(parameters)) {
    tensors.set(name, { shape: variable.shape, values: await variable.data<'float32'>() })
  }
  writeTensorFile(
    path,
    Object.fromEntries(
      [...tensors].map(([name, { shape, values }]) => [name, { shape, values: () => values }]),
    ),
  )
}

const shown = (times: readonly Time[], key: keyof Time): string => {
  const values = times.map(time => time[key])
  const [low, median, high] = [0.25, 0.5, 0.75].map(share => quantile(values, share).toFixed(1))
  return `${median} (${low}-${high})`
}
const ratio = (ours: readonly Time[], theirs: readonly Time[], key: keyof Time): string =>
  (
    quantile(
      ours.map(time => time[key]),
      0.5,
    ) /
    quantile(
      theirs.map(time => time[key]),
      0.5,
    )
  ).toFixed(2)

async function race(ours: Ours, peer: Peer, repeats: number): Promise<void> {
  for (const what of TIMED) {
    const [own, theirs]: [Time[], Time[]] = [[], []]
    for (let turn = -2; turn < repeats; turn++) {
      peer.pause()
      const mine = await ours.run(what)
      peer.resume()
      const other = await peer.run(what)
      if (turn < 0) continue
      own.push(mine)
      theirs.push(other)
    }
    console.log(
      `  ${what.padEnd(10)} ours ${shown(own, 'ms')} ms, ${peer.name} ${shown(theirs, 'ms')} ms: ` +
        `ratio ${ratio(own, theirs, 'ms')} (of the processor's time ${ratio(own, theirs, 'cpu')})`,
    )
  }
}

async function run(): Promise<void> {
  const { work: names, torch, layout, threads, repeats } = options()
  await tf.setBackend('cpu')
  console.log(JSON.stringify({ ...describeMachine(), threads, load: currentLoad() }))
  const folder = mkdtempSync(join(tmpdir(), 'cnn-'))
  try {
    for (const name of names) {
      const work = WORKS[name]!()
      const file = join(folder, `${name}.safetensors`)
      await writeWork(work, file)
      const ours = await createOurs(work, threads)
      const gradients = await ours.gradients()
      for (const python of torch.filter(path => existsSync(path))) {
        const peer = await startPeer({ python, threads, layout })
        try {
          console.log(`${name} ${JSON.stringify(work.pictures.shape)} against ${peer.name}`)
          await peer.load(name, file)
          await peer.compare(join(folder, 'theirs.safetensors'))
          const { name: where, share } = farthest(gradients, join(folder, 'theirs.safetensors'))
          console.log(`  loss and gradients differ by ${share.toExponential(1)} at most (${where})`)
          if (!(share <= ALLOWED)) throw new Error(`${where} differs by ${share}; allowed is ${ALLOWED}.`)
          await race(ours, peer, repeats)
        } finally {
          await peer.close()
        }
      }
      await ours.dispose()
      tf.dispose(work.parameters)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

await run().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`)
  process.exitCode = 1
})
