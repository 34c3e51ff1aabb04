import { readdir } from 'node:fs/promises'
import type { Stranger } from './stranger'

/** What the installed command line did. */
export interface CommandLineRun {
  /** Seconds that `ner-maf demo --quick` took. */
  demoSeconds: number
  /** The demo's table. */
  table: string
  /** What `ner-maf predict` printed about a post with a picture. */
  prediction: string
}

/**
 * Trains with the installed `ner-maf` and uses what it trained, on a post with a picture of the demo's corpus.
 *
 * @throws Error where a command fails, or no entity is found in a sentence that the demo's corpus is made of.
 */
export async function runCommandLine(stranger: Stranger): Promise<CommandLineRun> {
  const nerMaf = (seconds: number, ...parameters: string[]) =>
    stranger.run(seconds, 'npx', 'ner-maf', ...parameters)
  const started = performance.now()
  const { stdout: table } = await nerMaf(900, 'demo', '--quick', '--out', 'demo-model')
  const demoSeconds = (performance.now() - started) / 1000
  await nerMaf(120, 'demo', '--quick', '--corpus', 'corpus')
  const image = (await readdir(`${stranger.folder}/corpus/images`))[0]!
  const post = ['--text', 'Rob sleeps again', '--image', `corpus/images/${image}`]
  const { stdout: prediction } = await nerMaf(120, 'predict', '--model', 'demo-model', ...post)
  if (!/ \[\d+, \d+\) /.test(prediction)) throw new Error(`ner-maf predict found no entity:\n${prediction}`)
  return { demoSeconds, table: table.trim(), prediction: prediction.trim() }
}
