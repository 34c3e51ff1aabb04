import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { FROM_SOURCE } from '../../ner-maf/test/from-source'
import { LONG_TEXT, post, problemOf, tinyModel } from './serving'

let child: ChildProcess
let model: string
let url: string
const log: { msg?: string; worker?: number; url?: string }[] = []

/** Waits until so many lines of the log say something. */
const logged = (message: string, count = 1) =>
  vi.waitFor(
    () => {
      const found = log.filter(({ msg }) => msg === message).length
      if (found < count) throw new Error(`${found} of ${count} times: ${message}`)
    },
    { timeout: 30_000 },
  )

const LOADED = 'a worker has loaded the model'

beforeAll(async () => {
  model = await tinyModel(1)
  const program = fileURLToPath(new URL('serve-program.ts', import.meta.url))
  const options = { model, port: 0, workers: 2, backend: 'cpu', grace: 30, bodySeconds: 3600 }
  child = spawn(process.execPath, [...FROM_SOURCE, program, JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  createInterface({ input: child.stderr! }).on('line', line => log.push(JSON.parse(line)))
  await logged('listening')
  url = log.find(one => one.url !== undefined)!.url!
})
afterAll(() => {
  child.kill('SIGKILL')
})

const scoreOf = async (text: string): Promise<unknown> => {
  const response = await post(url, { text })
  expect(response.status).toBe(200)
  return response.json()
}

test('SIGKILL of a worker: all are answered, and it comes back', async () => {
  const asked = [scoreOf(LONG_TEXT), scoreOf(LONG_TEXT), ...Array.from({ length: 6 }, () => scoreOf('kevin'))]
  const workers = log.flatMap(({ msg, worker }) => (msg === LOADED ? worker! : []))
  process.kill(workers[0]!, 'SIGKILL')
  expect(new Set((await Promise.all(asked)).map(one => typeof one))).toEqual(new Set(['object']))
  await logged(LOADED, 3)
})

test('SIGHUP: another model answers, and no request is lost; one that cannot be loaded changes nothing', async () => {
  const before = await scoreOf('kevin loves paris')
  const next = await tinyModel(2)
  await rename(model, `${model}-old`)
  await rename(next, model)
  let isOver = false
  const asking = (async () => {
    let count = 0
    for (; !isOver; count++) await scoreOf('kevin')
    return count
  })()
  child.kill('SIGHUP')
  await logged('the new model answers')
  isOver = true
  expect(await asking).toBeGreaterThan(0)
  const after = await scoreOf('kevin loves paris')
  expect(after).not.toEqual(before)
  await rm(join(model, 'config.json'))
  child.kill('SIGHUP')
  await logged('the new model could not be loaded; the old one stays')
  expect(await scoreOf('kevin loves paris')).toEqual(after)
})

test('SIGTERM: what was taken is answered, nothing new is, and the exit code is 0', async () => {
  // Refused when all of it was read: nothing of it may be waited for.
  const part = '--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\na\r\n--x--\r\n'
  const form = { headers: { 'content-type': 'multipart/form-data; boundary=x' } }
  expect((await problemOf(await post(url, part, form))).status).toBe(400)
  const taken = [
    post(url, { text: LONG_TEXT }),
    post(url, { text: LONG_TEXT }),
    post(url, { text: LONG_TEXT }),
  ]
  const stream = fetch(`${url}/annotate/lines`, {
    ...{ method: 'POST', duplex: 'half', headers: { 'content-type': 'application/x-ndjson' } },
    body: new ReadableStream({
      start: controller => controller.enqueue(new TextEncoder().encode('{"text": "kevin"}\n')),
    }),
  } as RequestInit)
  const lines = (await stream).body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]()
  const first = await lines.next()
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await logged('stopping: what was taken is answered')
  const refused = await fetch(`${url}/health/ready`).catch(() => undefined)
  // While requests are under way it still says so; else it has gone already.
  if (refused) expect((await problemOf(refused)).status).toBe(503)
  for (const response of await Promise.all(taken)) expect(response.status).toBe(200)
  expect(JSON.parse(first.value!)).toMatchObject({ line: 1, entities: expect.anything() })
  expect(JSON.parse((await lines.next()).value!)).toMatchObject({
    line: 2,
    error: /stopping.*from this one on/,
  })
  expect(await ended).toEqual([0, null])
})
