import { useEngine } from '@mafjs/compile/engine'
import { chooseSetting } from './choose-setting'
import { type Comparison, compareWays } from './compare'
import { drawPairs } from './draw-pairs'
import { drawnFiles } from './drawn-files'
import { encodeLines } from './encode-lines'
import { formatReliability, formatWays } from './format-table'
import { judgePairs } from './judge-pairs'
import { type ExampleOptions, readOptions, USAGE } from './options'
import { pairUp, plantMismatches } from './pairs'
import { readLines } from './read-lines'
import { drawnMatching, realMatching, ridgePenalties } from './settings'
import { assertNew, type ScoredLine, writeCleaned } from './write-cleaned'

const onNote = (note: string): void => console.error(note)

function print(comparison: Comparison, share: number, { goal, seeds }: ExampleOptions): void {
  const [[name, value]] = Object.entries(goal) as [[string, number]]
  console.log(`${percent(share)} of the pairs are mismatches; goal: ${name} ${value}; ${seeds} seeds\n`)
  console.log(`${formatWays(comparison)}\n`)
  console.log(formatReliability(comparison))
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

async function run(options: ExampleOptions): Promise<void> {
  const { real, plant, out, goal, pairs, epochs } = options
  if (out !== undefined) await assertNew(out)
  await useEngine({ engine: 'onnx', threads: 1 })
  const seeds = Array.from({ length: options.seeds }, (_, seed) => seed)
  if (!real) {
    const common = { share: plant!, matching: drawnMatching(epochs), goal, seeds, onNote }
    const source = (seed: number) => drawPairs(pairs, seed)
    print(await compareWays({ ...common, source, ridge: ridgePenalties() }), plant!, options)
    if (out !== undefined) await writeDrawn(out, options)
    return
  }
  const read = await readLines(real.data)
  const encoded = await encodeLines(read, { ...real, onNote })
  const isDrawn = real.textEncoder === 'words' && real.imageEncoder === 'pixels'
  const matching = isDrawn ? drawnMatching(epochs) : realMatching(epochs)
  if (plant !== undefined) {
    const common = { share: plant, matching, goal, seeds, onNote }
    print(await compareWays({ ...common, source: () => encoded, ridge: ridgePenalties() }), plant, options)
    return
  }
  const given = pairUp(encoded, [...encoded.records.keys()])
  const learn = await chooseSetting(given, matching, { seed: 0, onNote })
  const { probabilities, threshold, mismatches } = await judgePairs(given, { learn, goal, seed: 0 })
  const lines: ScoredLine[] = read.lines.map(({ line }) => ({ line, score: null }))
  for (const [i, row] of encoded.rows.entries()) lines[row]!.score = probabilities[i]!
  report(await writeCleaned(out!, lines, threshold), mismatches!, threshold)
}

/** Cleans the pairs of the first seed as files. */
async function writeDrawn(out: string, { plant, pairs, epochs, goal }: ExampleOptions): Promise<void> {
  const drawn = drawPairs(pairs, 0)
  const pictures = plantMismatches(drawn, plant!, 0)
  const { learn } = drawnMatching(epochs)[0]!
  const judged = await judgePairs(pairUp(drawn, pictures), { learn, goal, seed: 0 })
  const files = await drawnFiles(drawn, pictures)
  const lines = files.lines.map((line, i) => ({ line, score: judged.probabilities[i]! }))
  const others = { 'pairs.jsonl': files.lines.map(line => `${line}\n`).join(''), ...files.pictures }
  console.log()
  report(await writeCleaned(out, lines, judged.threshold, others), judged.mismatches!, judged.threshold)
}

function report(written: { kept: number; dropped: number }, mismatches: number, threshold: number): void {
  console.log(
    `kept ${written.kept}, dropped ${written.dropped}: ` +
      `about ${percent(mismatches)} of the judged pairs do not match; threshold ${threshold.toFixed(4)}`,
  )
}

let options: ExampleOptions | undefined
try {
  options = readOptions(process.argv.slice(2))
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`)
  process.exitCode = 2
}
if (options) {
  await run(options).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
