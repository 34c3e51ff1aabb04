import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isSoftware, softwareAdapter } from './engine/web-gpu'
import { runInChromium } from './matrix/chromium'
import type { TargetResult } from './matrix/in-node'
import { computeReference, formatMatrix, judge, type MatrixRow, TOLERANCE } from './matrix/judge'
import { missingKernels } from './matrix/missing-kernels'

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

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    gpu: { type: 'boolean', default: false },
  },
})
/** A GPU computes the rows of WebGPU alone. */
const parts = options.only ?? (options.gpu ? ['webgpu'] : [''])
const isChosen = (target: string): boolean => parts.some(part => target.includes(part))

/** Replaces what stands in the document between `<!-- NAME -->` and `<!-- /NAME -->`. */
async function writeBetween(name: string, text: string): Promise<void> {
  const content = await readFile(DOCS, 'utf8')
  const [before, after] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [start, end] = [content.indexOf(before), content.indexOf(after)]
  if (start < 0 || end < start) throw new Error(`${DOCS} has no place between ${before} and ${after}`)
  await writeFile(DOCS, `${content.slice(0, start + before.length)}\n${text}\n${content.slice(end)}`)
}

function runInNode(target: string): Promise<TargetResult> {
  const child = spawn(process.execPath, ['--conditions=@mafjs/source', '--import', 'tsx', WORKER, target], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...(!options.gpu && softwareAdapter()), ...process.env },
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  return new Promise(resolve => {
    child.on('close', (code, signal) => {
      const start = text.indexOf('{"results"')
      const ended = { results: [], missing: `it ended with ${signal ?? code}` }
      resolve(start < 0 ? ended : JSON.parse(text.slice(start)))
    })
  })
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
