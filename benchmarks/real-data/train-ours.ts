import { runNerMaf } from './run-ner-maf'

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
  await runNerMaf([
    ...['train', '--config', config, '--data', data, '--text-encoder', encoder],
    ...(random ? ['--random-text-encoder'] : []),
    ...['--seeds', String(seeds), '--threads', String(threads), '--out', out],
  ])
}
