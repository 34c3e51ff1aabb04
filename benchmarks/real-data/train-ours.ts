import { fileURLToPath } from 'node:url'
import { runProcess } from './run-process'

/** Our run. */
export interface OursOptions {
  data: string
  /** A configuration of `ner-maf train`. */
  config: string
  encoder: string
  random: boolean
  seeds: number
  threads: number
  out: string
}

const CLI = fileURLToPath(new URL('../../packages/ner-maf/src/cli/main.ts', import.meta.url))

/** Runs `ner-maf train --seeds`, which goes on with what is there. */
export async function trainOurs({
  data,
  config,
  encoder,
  random,
  seeds,
  threads,
  out,
}: OursOptions): Promise<void> {
  await runProcess(process.execPath, [
    ...['--conditions=@mafjs/source', '--import', 'tsx', CLI, 'train', '--config', config],
    ...['--data', data, '--text-encoder', encoder, ...(random ? ['--random-text-encoder'] : [])],
    ...['--seeds', String(seeds), '--threads', String(threads), '--out', out],
  ])
}
