import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { quantile } from '@mafjs/evaluate'
import { uniform } from '@mafjs/tensor'
import { FROM_SOURCE, run } from '../../tools/processes'
import { writeBert } from '../../tools/tiny-world/write-bert'
import type { MeasurementOptions, Value } from '../measurements'
import { drawWords, VOCABULARY } from '../prepare/drawn-posts'
import { readEpoch } from '../prepare/epoch-posts'
import type { Time } from '../timing'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The size of MiniLM. */
const MINILM = { hidden: 384, layers: 6, heads: 12, intermediate: 1536, maxPositions: 512 }
const TINY = { hidden: 32, layers: 1, heads: 2, intermediate: 64, maxPositions: 512 }

/** Posts of 4 to 33 words, two pieces each: shorter and longer than tweets are. */
const lines = (count: number, site: string): string =>
  Array.from(uniform(count, { seed: 37, site }), (share, place) => {
    const words = drawWords(4 + Math.floor(30 * share), `${site} ${place}`)
    const labels = words.map((_, word) => (word % 5 === 2 ? 'B-PER' : 'O'))
    return `${JSON.stringify({ id: String(place), tokens: words, labels })}\n`
  }).join('')

interface Run {
  first: Time
  all: Time
  sessions: number
}

/** Word pieces that an epoch of Twitter-2017 computes, as a share of those that its posts have; nothing where it is not here. */
async function paddings(posts: string, vocab: string): Promise<Value[]> {
  if (![posts, vocab].every(existsSync)) {
    console.warn('SKIPPED padding: Twitter-2017 or its vocabulary is not here (--epoch-posts, --vocab).')
    return []
  }
  const values: Value[] = []
  for (const batch of [8, 16, 64]) {
    const { rows, batches } = await readEpoch({ posts, vocab, tokens: 128, batch })
    const lengths = batches.map(rows => rows.map(({ positions }) => positions))
    const computed = lengths.reduce((sum, batch) => sum + batch.length * Math.max(...batch), 0)
    const value = computed / rows.reduce((sum, { positions }) => sum + positions, 0)
    values.push({ what: `padding of an epoch, ${batch} posts a step`, value, unit: 'x its pieces', bar: 1.1 })
  }
  return values
}

/** How long the first run of a newcomer takes: 43 posts, two epochs, 8 posts a step, on ONNX Runtime and on tfjs's wasm. */
export async function measureFirst({
  folder,
  quick,
  repeats,
  epochPosts,
  vocab,
}: MeasurementOptions): Promise<Value[]> {
  const [data, textEncoder] = [join(folder, 'first-data'), join(folder, 'first-encoder')]
  await mkdir(data, { recursive: true })
  await writeFile(join(data, 'train.jsonl'), lines(43, 'train'))
  await writeFile(join(data, 'valid.jsonl'), lines(10, 'valid'))
  await writeBert(textEncoder, quick ? TINY : MINILM, { vocab: VOCABULARY.join('\n'), lowercase: false })
  const runs: Record<'onnx' | 'wasm', Run[]> = { onnx: [], wasm: [] }
  const script = join(ROOT, 'benchmarks', 'first', 'first-run.ts')
  for (let turn = 0; turn < repeats; turn++) {
    for (const engine of turn % 2 === 0 ? (['onnx', 'wasm'] as const) : (['wasm', 'onnx'] as const)) {
      const given = [data, textEncoder, join(folder, `first-${engine}`), engine]
      const { stdout } = await run(process.execPath, [...FROM_SOURCE, script, ...given], { cwd: ROOT })
      runs[engine].push(JSON.parse(stdout.trim().split('\n').at(-1)!))
    }
  }
  const median = (engine: 'onnx' | 'wasm', of: (run: Run) => number): number =>
    quantile(runs[engine].map(of), 0.5)
  const seconds = (engine: 'onnx' | 'wasm', part: 'first' | 'all', clock: keyof Time): number =>
    median(engine, run => run[part][clock] / 1000)
  return [
    { what: 'to the first step', value: seconds('onnx', 'first', 'clock'), unit: 's', bar: 3 },
    { what: 'to the first step, all cores', value: seconds('onnx', 'first', 'cores'), unit: 's' },
    { what: 'two epochs', value: seconds('onnx', 'all', 'clock'), unit: 's' },
    {
      what: 'two epochs',
      value: seconds('onnx', 'all', 'clock') / seconds('wasm', 'all', 'clock'),
      unit: 'x on wasm',
      bar: 1,
    },
    {
      what: 'two epochs, all cores',
      value: seconds('onnx', 'all', 'cores') / seconds('wasm', 'all', 'cores'),
      unit: 'x on wasm',
      bar: 1,
    },
    ...(await paddings(epochPosts, vocab)),
    // Whether the binding fills arrays that are given is tried once, by a session of one sum.
    { what: 'programs', value: median('onnx', run => run.sessions - 1), unit: '', bar: 4 },
  ]
}
