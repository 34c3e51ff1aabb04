// @ts-check
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

// Runs the int8 tests on a processor that is emulated: x64 with AVX2, without AVX-512 and VNNI, where products of bytes
// saturate. Debian: apt install qemu-user. What the tests start themselves runs on the machine's own processor.
const EMULATOR = 'qemu-x86_64'
const PROCESSOR = 'Haswell'
/** The instructions of that model that the tests ask for: the system still shows those of the machine. */
const FLAGS = 'avx avx2 fma'
/** Tests by project: all of quantisation, and a whole model in int8. */
const TESTS = [
  ['compile', 'packages/compile/test/quantize'],
  ['ner-maf', 'packages/ner-maf/test/export/maf-graph.test.ts', '-t', 'int8'],
]

if (process.arch !== 'x64' || spawnSync(EMULATOR, ['--version']).error) {
  console.warn(
    `SKIPPED, NOT SHOWN: int8 on a processor without VNNI needs an x64 machine and ${EMULATOR} (Debian: apt install qemu-user).`,
  )
  process.exit(0)
}
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
for (const [project, ...tests] of TESTS) {
  // In this one process: children would run on the machine's own processor.
  const run = ['run', '--project', project, '--pool', 'threads', '--maxWorkers', '1', ...tests]
  const { status } = spawnSync(
    EMULATOR,
    ['-cpu', PROCESSOR, process.execPath, vitest, .../** @type {string[]} */ (run)],
    {
      stdio: 'inherit',
      env: { ...process.env, MAF_TEST_PROCESSOR_FLAGS: FLAGS },
    },
  )
  if (status !== 0) process.exit(status ?? 1)
}
console.log(`int8 on an emulated processor (${PROCESSOR}): right.`)
