import { fileURLToPath } from 'node:url'
import { startProcess } from '@mafjs/tensor/processes'

/** Starts a program of this folder from its source. */
export const program = <Question extends object, Answer>(file: string) =>
  startProcess<Question, Answer>(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--conditions=@mafjs/source', '--import', 'tsx'],
    // As the server gives it to its workers.
    env: { ...process.env, VIPS_CONCURRENCY: '1' },
  })
