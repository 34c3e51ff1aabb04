import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import { replaceBetween } from './documents/replace-between'
import { isSoftware, softwareAdapter } from './engine/web-gpu'
import { runInChromium } from './matrix/chromium'
import type { TargetResult } from './matrix/in-node'
import { computeReference, formatMatrix, judge, type MatrixRow, TOLERANCE } from './matrix/judge'
import { missingKernels } from './matrix/missing-kernels'
import { FROM_SOURCE, run } from './processes'

// npm run matrix: every module on every backend and engine, each number against float64.
const DOCS = fileURLToPath(new URL('../docs/backends.md', import.meta.url))
const WORKER = fileURLToPath(new URL('matrix/in-node.ts', import.meta.url))

/** Ways of computing in Node, and in a browser. */
const IN_NODE = [
  ...['tfjs cpu', 'tfjs wasm', 'tfjs tensorflow', 'tfjs webgpu, Node'],
  ...['compile, onnxruntime-node cpu', 'compile, onnxruntime-node webgpu'],
]
const IN_BROWSER = [
  ...['tfjs wasm, Chromium', 'tfjs webgl, Chromium', 'tfjs webgpu, Chromium'],
  ...['compile, onnxruntime-web wasm', 'compile, onnxruntime-web webgpu'],
]

const command = new Command('npm run matrix --')
  .option('--write', 'write the tables into docs/backends.md')
  .option('--only <part...>', 'rows by parts of their names')
  .option('--gpu', 'the rows of WebGPU on a GPU; software in its place is refused')
const options = command.parse().opts()
/** A GPU computes the rows of WebGPU alone. */
const parts = options.only ?? (options.gpu ? ['webgpu'] : [''])
const isChosen = (target: string): boolean => parts.some(part => target.includes(part))

const writeBetween = async (name: string, text: string): Promise<void> =>
  writeFile(
    DOCS,
    replaceBetween(await readFile(DOCS, 'utf8'), [`<!-- ${name} -->`, `<!-- /${name} -->`], text),
  )

async function runInNode(target: string): Promise<TargetResult> {
  const env = { ...(!options.gpu && softwareAdapter()), ...process.env }
  try {
    const { stdout, stderr } = await run(process.execPath, [...FROM_SOURCE, WORKER, target], { env })
    process.stderr.write(stderr)
    return JSON.parse(stdout.slice(stdout.indexOf('{"results"')))
  } catch (error) {
    return { results: [], missing: (error as Error).message }
  }
}

/** Whether int8 comes out right, whatever the processor: nothing to say where ONNX Runtime does not compute. */
function aboutInt8(int8: TargetResult['int8']): string {
  if (!int8) return ''
  const { saturates, exact } = int8
  const isRight = Object.values(exact).every(Boolean)
  if (!isRight) process.exitCode = 1
  return `; int8 ${isRight ? 'exact' : 'WRONG'}, ${saturates ? 'by the option for it' : 'with no option'}`
}

if (options.write && options.only) throw new Error('--write needs every row: leave --only out.')
const reference = await computeReference()
const lacking = await missingKernels()
const rows: MatrixRow[] = []
const add = (target: string, { results, note, int8, missing: failure }: TargetResult): void => {
  const isFake = options.gpu && note !== undefined && isSoftware(note)
  const missing = failure ?? (isFake ? `the adapter is ${note}, no GPU` : undefined)
  const row = { target, verdicts: judge(reference, results), note, missing }
  rows.push(row)
  const found = missing ?? `${row.verdicts.length} computed`
  console.error(`${target}: ${found}${note ? `, on ${note}` : ''}${aboutInt8(int8)}`)
}
for (const target of IN_NODE.filter(isChosen)) add(target, await runInNode(target))
const browser = IN_BROWSER.filter(isChosen)
if (browser.length > 0) await runInChromium(browser, add, { gpu: options.gpu })

const table = formatMatrix(rows)
console.log(`${table}\n${lacking}\n`)
if (options.write) await writeBetween(options.gpu ? 'matrix-gpu' : 'matrix', table)
if (options.write && !options.gpu) await writeBetween('kernels', lacking)
if (options.gpu && rows.some(({ missing }) => missing !== undefined)) {
  console.error('--gpu: not every row ran on a GPU')
  process.exitCode = 1
}
const wrong = rows.flatMap(({ verdicts }) => verdicts).filter(({ error = 0 }) => !(error <= TOLERANCE))
if (wrong.length > 0) {
  console.error(`${wrong.length} of what was computed is further than ${TOLERANCE} from float64`)
  process.exitCode = 1
}
