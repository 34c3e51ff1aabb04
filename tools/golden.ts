import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type BackendName, useBackend } from '@mafjs/ner-maf'
import { checkGolden } from './golden/check-golden'
import { formatReport } from './golden/format-report'
import { defaultGoldenFolder, findGoldenFolders } from './golden/golden-files'

// npm run golden -- [--backend wasm|cpu] DIR...: parity with the published code, exit 1 at the first word of doubt.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { backend: { type: 'string', default: 'auto' } },
})
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const backend = await useBackend(values.backend as BackendName)

let directories = positionals
if (directories.length === 0) {
  const { path, complete } = defaultGoldenFolder(root)
  directories = [path]
  if (!complete) {
    console.warn(
      'NOTE: ../shared/golden is absent; checking the small fixtures committed here instead (no model128, no resnet).',
    )
  }
}
console.log(`Parity of the reference preset with the published code, on tfjs ${backend}`)

let rows = 0
let failures = 0
for (const directory of directories) {
  const folders = findGoldenFolders(directory)
  if (folders.length === 0) {
    console.error(`${directory}: no golden folder found (expected.json, crf.json, eval.json or resnet.json).`)
    failures += 1
  }
  for (const folder of folders) {
    const report = await checkGolden(folder)
    const { text, failed } = formatReport({ ...report, folder: relative(process.cwd(), report.folder) })
    console.log(text)
    rows += report.rows.length
    failures += failed
  }
}
console.log(`\n${rows} comparisons, ${failures} out of tolerance or unmatched`)
process.exitCode = failures > 0 || rows === 0 ? 1 : 0
