import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { childrenTime } from '../timing'

/** The command line as a user has it: its start counts, so build it before. */
export const NER_MAF = [process.execPath, 'packages/cli/bin/ner-maf.js']

/** What a filter took. */
export interface FilterTime {
  lines: number
  /** Lines a second from the first answer to the last: without the start of processes. */
  rate: number
  /** Milliseconds of all processes, their starts too. */
  cores: number
}

/** Runs `ner-maf predict` on a file of posts and counts its answers. */
export async function timeFilter(posts: string, options: readonly string[]): Promise<FilterTime> {
  const child = spawn('sh', ['-c', '"$@" && times >&2', 'sh', ...NER_MAF, 'predict', ...options], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let [said, lines, first, firstLines, last] = ['', 0, 0, 0, 0]
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  child.stdout.on('data', (chunk: Buffer) => {
    last = performance.now()
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1
    if (first === 0) [first, firstLines] = [last, lines]
  })
  createReadStream(posts).pipe(child.stdin)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`predict ${options.join(' ')} ended with ${code}:\n${said}`)
  return { lines, rate: (1000 * (lines - firstLines)) / (last - first), cores: childrenTime(said) }
}
