import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { LONG_TEXT, post, problemOf, type Served, serve, tinyModel } from './serving'

let model: string
let served: Served | undefined
beforeAll(async () => {
  model = await tinyModel()
})
afterEach(async () => {
  await served?.stop()
  served = undefined
})

test('with a key, what computes and counts is closed; the first of two and the last are both right', async () => {
  served = await serve({ model, apiKeys: ['first key', 'second'] })
  const { url } = served
  const asked = async (headers: Record<string, string>): Promise<Response> =>
    post(url, { text: 'kevin' }, { headers })
  for (const authorization of ['', 'Bearer', 'Bearer first', 'Bearer first key2', 'Basic second']) {
    const response = await asked(authorization === '' ? {} : { authorization })
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await problemOf(response)).toMatchObject({ status: 401 })
  }
  expect((await asked({ authorization: 'Bearer first key' })).status).toBe(200)
  expect((await asked({ 'x-api-key': 'second' })).status).toBe(200)
  const open = ['/health/live', '/health/ready', '/openapi.json', '/docs/']
  for (const path of open) expect((await fetch(`${url}${path}`)).status, path).toBe(200)
  for (const path of ['/metrics']) expect((await fetch(`${url}${path}`)).status, path).toBe(401)
  expect(JSON.stringify(served.log)).not.toContain('second"')
})

test('a full queue refuses with Retry-After, and what it took is answered', async () => {
  served = await serve({ model, queuePosts: 2 })
  const { url } = served
  const first = post(url, { text: LONG_TEXT })
  const others = await Promise.all(Array.from({ length: 8 }, () => post(url, { text: LONG_TEXT })))
  expect((await first).status).toBe(200)
  const statuses = others.map(({ status }) => status)
  expect(new Set(statuses)).toEqual(new Set([200, 429]))
  for (const response of others.filter(({ status }) => status === 429)) {
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await problemOf(response)).detail).toMatch(/later/)
  }
})

test('bytes in memory are bounded over all connections', async () => {
  const bodyBytes = 50_000
  served = await serve({ model, bodyBytes, queueBytes: 2 * bodyBytes, textLength: 9 })
  const { url } = served
  const { hostname, port } = new URL(url)
  // Two clients that have sent nearly all of a body and wait.
  const slow = [1, 2].map(() => connect(Number(port), hostname))
  for (const socket of slow) {
    socket.on('error', () => {})
    await once(socket, 'connect')
    const head = `POST /annotate HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${bodyBytes}\r\n\r\n`
    socket.write(head + ' '.repeat(bodyBytes - 9))
  }
  const held = async (): Promise<number> =>
    Number(/^maf_held_bytes (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())![1])
  await expect.poll(held).toBe(2 * (bodyBytes - 9))
  expect(await problemOf(await post(url, { text: 'a'.repeat(99) }))).toMatchObject({ status: 429 })
  for (const socket of slow) socket.destroy()
  await expect.poll(held).toBe(0)
  expect((await post(url, { text: 'kevin' })).status).toBe(200)
})

test('a body that does not come is given up', async () => {
  served = await serve({ model, bodySeconds: 0.2 })
  const { hostname, port } = new URL(served.url)
  const socket = connect(Number(port), hostname)
  socket.write(
    'POST /annotate HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
  )
  let said = ''
  socket.setEncoding('utf8').on('data', text => {
    said += text
  })
  await once(socket, 'close')
  expect(said).toMatch(/^HTTP\/1\.1 408 .*application\/problem\+json/s)
})

test('a post that ends two workers is not tried again, and others are answered', async () => {
  served = await serve({ model, batchSeconds: 0.001 })
  const problem = await problemOf(await post(served.url, { text: LONG_TEXT }))
  expect(problem).toMatchObject({ status: 500, detail: expect.stringMatching(/^Two workers ended/) })
  await expect
    .poll(async () => (await fetch(`${served!.url}/health/ready`)).status, { timeout: 20_000 })
    .toBe(200)
  expect(served.log.filter(({ reason }) => reason === 'ProcessGoneError: SIGKILL')).toHaveLength(2)
})

test('pictures that cannot be read are left out where that was asked for', async () => {
  served = await serve({ model, onBrokenPicture: 'skip' })
  const response = await post(served.url, { text: 'kevin', image: 'AAAA' })
  expect([response.status, await response.json()]).toEqual([
    200,
    expect.objectContaining({
      skippedPictures: [{ picture: 'images[0]', reason: expect.stringMatching(/no known format/) }],
    }),
  ])
})

test('a model that cannot be loaded is refused in the words of the library', async () => {
  await expect(serve({ model: `${model}-none` })).rejects.toThrow(/^InvalidArgumentError: .*model-none/)
  await expect(serve({ model, queueBytes: 5 })).rejects.toThrow(/^queueBytes must have room for two bodies/)
  await expect(serve({ model, apiKeys: [''] })).rejects.toThrow(/^apiKeys must be texts/)
})
