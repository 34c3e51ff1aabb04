import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ProcessGoneError, startProcess } from '../src/processes'

type Question = { echo: Uint8Array } | { fail: string } | { exit: number } | { wait: true }

const loader = new URL('../../../tools/workspace/from-source.mjs', import.meta.url).href
const program = fileURLToPath(new URL('answering.ts', import.meta.url))
const start = () =>
  startProcess<Question, Uint8Array>(program, {
    args: ['--with', 'arguments'],
    execArgv: ['--import', loader],
  })

test('a process answers with bytes, its errors keep their names, and it ends when it is let go of', async () => {
  const child = start()
  expect(await child.ask({ echo: new Uint8Array([1, 255]) })).toEqual(new Uint8Array([1, 255]))
  await expect(child.ask({ fail: 'no such thing' })).rejects.toMatchObject({
    name: 'RangeError',
    message: 'no such thing, --with arguments',
  })
  expect(await child.ask({ echo: new Uint8Array([2]) })).toEqual(new Uint8Array([2]))
  child.release()
  await once(child.gone, 'abort')
  expect(child.gone.reason).toEqual(new ProcessGoneError('exit code 0'))
})

test.each([
  ['ends by itself', { exit: 3 }, 'exit code 3'],
  ['is ended in the middle of a question', { wait: true }, 'SIGKILL'],
] as const)('one that %s is told of, and asked no more', async (_, question, how) => {
  const child = start()
  await child.ask({ echo: new Uint8Array([1]) })
  const asked = child.ask(question)
  if ('wait' in question) child.kill()
  await expect(asked).rejects.toEqual(new ProcessGoneError(how))
  await expect(child.ask({ fail: '' })).rejects.toEqual(new ProcessGoneError(how))
})

test('one whose parent is gone when it would answer ends as if it had been let go of', async () => {
  const child = fork(program, { execArgv: ['--import', loader], serialization: 'advanced', silent: true })
  child.send({ hold: 300 })
  await once(child, 'message')
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([0, null])
})
