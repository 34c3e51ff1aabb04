import { fileURLToPath } from 'node:url'
import { runProcess } from './run-process'

const CLI = fileURLToPath(new URL('../../packages/ner-maf/src/cli/main.ts', import.meta.url))

/** Runs a command of `ner-maf` from its source. */
export const runNerMaf = (arguments_: readonly string[]): Promise<void> =>
  runProcess(process.execPath, ['--conditions=@mafjs/source', '--import', 'tsx', CLI, ...arguments_])
