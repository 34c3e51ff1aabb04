import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runInChromium } from './matrix/chromium'
import { formatMatrix, type MatrixRow } from './matrix/format-matrix'
import { judge, TOLERANCE } from './matrix/judge'
import { formatMissing, missingKernels } from './matrix/missing-kernels'
import { computeReference } from './matrix/reference'
import { BROWSER_TARGETS, NODE_TARGETS, type NodeTarget, type TargetResult } from './matrix/targets'
import { writeBetween } from './matrix/write-between'

// npm run matrix: every module on every backend and engine, each number against float64.
const DOCS = fileURLToPath(new URL('../docs/backends.md', import.meta.url))
const WORKER = fileURLToPath(new URL('matrix/in-node.ts', import.meta.url))

/** Adapters that compute on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i

/** Chromium's package brings a Vulkan driver that needs no GPU. */
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json'

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

function runInNode(target: NodeTarget): Promise<TargetResult> {
  const software = !options.gpu && existsSync(SWIFTSHADER) && { VK_ICD_FILENAMES: SWIFTSHADER }
  const child = spawn(process.execPath, ['--conditions=@mafjs/source', '--import', 'tsx', WORKER, target], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...software, ...process.env },
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  return new Promise(resolve => {
    child.on('close', (code, signal) => {
      const start = text.indexOf('{"results"')
      resolve(
        start < 0
          ? { results: [], missing: `it ended with ${signal ?? code}` }
          : JSON.parse(text.slice(start)),
      )
    })
  })
}

if (options.write && options.only) throw new Error('--write needs every row: leave --only out.')
const reference = await computeReference()
const lacking = formatMissing(await missingKernels())
const rows: MatrixRow[] = []
/** Whether int8 comes out right, whatever the processor: nothing to say where ONNX Runtime does not compute. */
const aboutInt8 = (int8: TargetResult['int8']): string => {
  if (!int8) return ''
  const { saturates, exact } = int8
  const isRight = Object.values(exact).every(Boolean)
  if (!isRight) process.exitCode = 1
  return `; int8 ${isRight ? 'exact' : 'WRONG'}, ${saturates ? 'by the option for it' : 'with no option'}`
}
const add = (target: string, { results, note, int8, missing: failure }: TargetResult): void => {
  const isSoftware = options.gpu && note !== undefined && SOFTWARE.test(note)
  const missing = failure ?? (isSoftware ? `the adapter is ${note}, no GPU` : undefined)
  const row = { target, verdicts: judge(reference, results), note, missing }
  rows.push(row)
  console.error(
    `${target}: ${missing ?? `${row.verdicts.length} computed`}${note ? `, on ${note}` : ''}${aboutInt8(int8)}`,
  )
}
for (const target of NODE_TARGETS.filter(isChosen)) add(target, await runInNode(target))
const browser = BROWSER_TARGETS.filter(isChosen)
if (browser.length > 0) await runInChromium(browser, add, { gpu: options.gpu })

const table = formatMatrix(rows)
console.log(`${table}\n${lacking}\n`)
if (options.write && options.gpu) await writeBetween(DOCS, 'matrix-gpu', table)
else if (options.write) {
  await writeBetween(DOCS, 'matrix', table)
  await writeBetween(DOCS, 'kernels', lacking)
}
if (options.gpu && rows.some(({ missing }) => missing !== undefined)) {
  console.error('--gpu: not every row ran on a GPU')
  process.exitCode = 1
}
const wrong = rows.flatMap(({ verdicts }) => verdicts).filter(({ error = 0 }) => !(error <= TOLERANCE))
if (wrong.length > 0) {
  console.error(`${wrong.length} of what was computed is further than ${TOLERANCE} from float64`)
  process.exitCode = 1
}
