import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('endings.ts', import.meta.url))
const FROM_SOURCE = ['--import', new URL('../../../../tools/workspace/from-source.mjs', import.meta.url).href]

test.each(['here', 'worker'])(
  'disposed while it works, %s: calls under way end well, the process ends clean',
  async where => {
    // A promise that never settles ends the process with 13, which rejects.
    const { stdout } = await promisify(execFile)(process.execPath, [...FROM_SOURCE, PROGRAM, where])
    const late = (what: string, again: string): string =>
      `InvalidArgumentError: ${what} must not be used after dispose(). Received: a call. ${again}, or dispose it later.`
    const ended = ['calls', 'disposed', 'disposed']
    const lines: unknown[] = []
    for (const [name, results, refusal] of [
      ['session', [3, 6, 9, 12, 15, 18], late('session', 'Open it again')],
      ['compiled', [3, 6, 9, 12, 15, 18], late('compiled function', 'Compile it again')],
      ['gradients', [2, 5, 10, 17, 26, 37], late('compiled loss', 'Compile it again')],
      ['training', [1, 2, 3, 4, 5, 6], late('training', 'Compile it again with compileTraining')],
    ]) {
      lines.push(...Array(2).fill([name, results, ended, refusal, true]))
    }
    expect(
      stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line)),
    ).toEqual(lines)
  },
)
