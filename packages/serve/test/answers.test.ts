import { loadMaf, type MafAnnotator } from '@mafjs/ner-maf'
import sharp from 'sharp'
import { Value } from 'typebox/value'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AnnotationSchema } from '../src/schemas/post-schema'
import { post, problemOf, type Served, serve, tinyModel } from './serving'

const png = (width: number, background: string): Promise<Buffer> =>
  sharp({ create: { width, height: 9, channels: 3, background } })
    .png()
    .toBuffer()

let served: Served
let maf: MafAnnotator
let green: Buffer
let red: Buffer
let wide: Buffer
beforeAll(async () => {
  const model = await tinyModel()
  const limits = { bodyBytes: 60_000, pictureBytes: 20_000, textLength: 10_000, pictures: 2, pixelLimit: 900 }
  served = await serve({ model, workers: 2, ...limits })
  maf = await loadMaf(model, { backend: 'cpu' })
  green = await png(9, '#7b2')
  red = await png(12, '#b22')
  wide = await png(200, '#22b')
})
afterAll(async () => {
  await served.stop()
  await maf.dispose()
})

const base64 = (bytes: Buffer): string => bytes.toString('base64')

/** Scores may differ by the batch they were computed in, of float32 by their rounding. */
function expectSame(said: unknown, expected: Awaited<ReturnType<MafAnnotator['annotate']>>): void {
  const rounded = (annotation: typeof expected) => ({
    ...annotation,
    match: annotation.match === null ? null : annotation.match.toFixed(4),
    entities: annotation.entities.map(entity => ({ ...entity, score: entity.score.toFixed(4) })),
  })
  expect(rounded(said as typeof expected)).toEqual(rounded(expected))
}

function form(parts: [name: string, value: string | Buffer, filename?: string][]): RequestInit {
  const body = new FormData()
  for (const [name, value, filename = 'a.png'] of parts)
    typeof value === 'string'
      ? body.append(name, value)
      : body.append(name, new Blob([new Uint8Array(value)]), filename)
  return { method: 'POST', body }
}

test('JSON and forms are answered with what the model says', async () => {
  const { url } = served
  const text = 'kevin loves <img src=x onerror=alert(1)> paris 🎉'
  const cases: [Promise<Response>, Parameters<MafAnnotator['annotate']>[0]][] = [
    [post(url, { text }), { text }],
    [post(url, { text, image: base64(green) }), { text, image: green }],
    [
      post(url, { text: 'kevin', images: [base64(green), base64(red)] }),
      { text: 'kevin', images: [green, red] },
    ],
    [post(url, { tokens: ['kevin', 'in', 'paris'] }), { text: 'kevin in paris' }],
    [post(url, '\ufeff{"text": "kevin", "image": null, "lang": "en"}'), { text: 'kevin' }],
    [post(url, { text: '' }), { text: '' }],
    [fetch(`${url}/annotate`, form([['text', text]])), { text }],
    [
      fetch(
        `${url}/annotate`,
        form([
          ['image', green],
          ['text', text],
          ['image', red, '../../x'],
        ]),
      ),
      { text, images: [green, red] },
    ],
    [
      fetch(
        `${url}/annotate`,
        form([
          ['text', 'kevin'],
          ['image', Buffer.alloc(0), ''],
        ]),
      ),
      { text: 'kevin' },
    ],
  ]
  for (const [asked, expected] of cases) {
    const response = await asked
    const said = await response.json()
    expect([response.status, response.headers.get('content-type')], JSON.stringify(said)).toEqual([
      200,
      'application/json; charset=utf-8',
    ])
    expect(Value.Check(AnnotationSchema, said)).toBe(true)
    expectSame(said, await maf.annotate(expected))
  }
})

const bytes = (length: number): string => 'A'.repeat(length)

test.each<[name: string, status: number, detail: RegExp, ask: (url: string) => Promise<Response>]>([
  ['no JSON', 400, /^body:1 must be one JSON object/, url => post(url, '{"text"')],
  ['a list', 400, /must be one JSON object/, url => post(url, [])],
  ['nothing', 400, /a blank line/, url => post(url, '')],
  ['bytes', 400, /UTF-8/, url => post(url, '', { body: new Uint8Array([0x7b, 0xff]) })],
  ['a nested bomb', 400, /more than 128 deep/, url => post(url, bytes(9).replaceAll('A', '['.repeat(99)))],
  ['a number as text', 400, /string as "text"\. Received: 7/, url => post(url, { text: 7 })],
  ['no text', 200, /^/, url => post(url, { text: '' })],
  ['a mistyped field', 400, /must have "text" under that name/, url => post(url, { txt: 'a' })],
  ['other tokens', 400, /"paris", is not next/, url => post(url, { text: 'kevin', tokens: ['paris'] })],
  [
    'a path',
    400,
    /base64.*"\/etc\/passwd".*never opened/,
    url => post(url, { text: 'a', image: '/etc/passwd' }),
  ],
  ['a file', 400, /"kevin\.png"/, url => post(url, { text: 'a', image: 'kevin.png' })],
  ['an address', 400, /base64/, url => post(url, { text: 'a', images: ['http://127.0.0.1:1/a'] })],
  [
    'an absolute path of base64',
    422,
    /no known format/,
    url => post(url, { text: 'a', image: '/etc/hosts12' }),
  ],
  [
    'a number as picture',
    400,
    /picture file in base64 as "image"/,
    url => post(url, { text: 'a', image: 5 }),
  ],
  [
    'too many pictures',
    413,
    /at most 2 pictures/,
    url => post(url, { text: 'a', images: ['AAAA', 'BBBB', 'CCCC'] }),
  ],
  ['a large picture', 413, /at most 20000 bytes/, url => post(url, { text: 'a', image: bytes(40_000) })],
  ['a long text', 413, /at most 10000 signs/, url => post(url, { text: bytes(10_001) })],
  ['a large body', 413, /body must have at most 60000 bytes/, url => post(url, { text: bytes(60_001) })],
  [
    'many pixels',
    422,
    /200 x 9 pixels are more than the limit of 900/,
    url => post(url, { text: 'a', image: base64(wide) }),
  ],
  ['a cut picture', 422, /broken/, url => post(url, { text: 'a', image: base64(green.subarray(0, 60)) })],
  [
    'plain text',
    415,
    /Received: "text\/plain"/,
    url => post(url, 'a', { headers: { 'content-type': 'text/plain' } }),
  ],
  ['no type', 415, /Received: ""/, url => fetch(`${url}/annotate`, { method: 'POST' })],
  [
    'no boundary',
    400,
    /boundary/,
    url => post(url, 'a', { headers: { 'content-type': 'multipart/form-data' } }),
  ],
  [
    'a cut form',
    400,
    /whole multipart/,
    url => post(url, '--x\r\n', { headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
  ],
  [
    'a form without text',
    400,
    /one part "text". Received: 0/,
    url => fetch(`${url}/annotate`, form([['image', green]])),
  ],
  [
    'two texts',
    400,
    /Received: 2/,
    url =>
      fetch(
        `${url}/annotate`,
        form([
          ['text', 'a'],
          ['text', 'b'],
        ]),
      ),
  ],
  [
    'another part',
    400,
    /"text" and "image" only/,
    url =>
      fetch(
        `${url}/annotate`,
        form([
          ['text', 'a'],
          ['file', green],
        ]),
      ),
  ],
  [
    'a form of a large file',
    413,
    /"image" must have at most 20000/,
    url =>
      fetch(
        `${url}/annotate`,
        form([
          ['text', 'a'],
          ['image', Buffer.alloc(20_001)],
        ]),
      ),
  ],
  [
    'a form of many files',
    413,
    /at most 2 pictures/,
    url =>
      fetch(
        `${url}/annotate`,
        form([
          ['text', 'a'],
          ['image', green],
          ['image', green],
          ['image', green],
        ]),
      ),
  ],
  [
    'a large form',
    413,
    /body must have at most/,
    url =>
      fetch(
        `${url}/annotate`,
        form([
          ['text', 'a'],
          ['image', Buffer.alloc(60_001)],
        ]),
      ),
  ],
  ['a form of bytes', 400, /UTF-8/, url => fetch(`${url}/annotate`, form([['text', Buffer.from([0xff])]]))],
  ['no route', 404, /openapi/, url => fetch(`${url}/<script>`)],
  ['another method', 404, /openapi/, url => fetch(`${url}/annotate`)],
])('%s: %s', async (_, status, detail, ask) => {
  const response = await ask(served.url)
  expect(response.status).toBe(status)
  if (status === 200) return
  const problem = await problemOf(response)
  expect(problem.detail).toMatch(detail)
  // Nothing of this machine, and no code.
  expect(problem.detail).not.toMatch(/\/(?!etc\/)[a-z]+\/|\n|node_modules/)
})

test('a post is explained as the library explains it; another flag is refused', async () => {
  const body = { text: 'kevin loves paris', image: base64(green) }
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const said = await fetch(`${served.url}/explain?occlusion=true&withoutPicture=true`, init)
  expect(said.status).toBe(200)
  const expected = await maf.explain(
    { text: body.text, image: green },
    { occlusion: true, withoutPicture: true },
  )
  const { words, whatIf, entities } = (await said.json()) as typeof expected
  expect(words.map(({ label, occlusion }) => [label, occlusion?.length])).toEqual(
    expected.words.map(({ label, occlusion }) => [label, occlusion?.length]),
  )
  const near = (a: number[], b: number[]) => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))
  for (const [i, word] of words.entries()) {
    expect(near(word.probabilities!, expected.words[i]!.probabilities!)).toBeLessThan(1e-4)
    expect(near(word.occlusion!, expected.words[i]!.occlusion!)).toBeLessThan(1e-4)
  }
  expect(entities.length).toBe(expected.entities.length)
  expect(whatIf.map(({ picture }) => picture)).toEqual(['none'])
  for (const query of ['occlusion=1', 'otherPicture=%2Fetc%2Fpasswd']) {
    const { status, detail } = await problemOf(await fetch(`${served.url}/explain?${query}`, init))
    expect([status, detail]).toEqual([400, expect.stringContaining('in the address must be')])
  }
})

test('lines in, lines out, in order; what is wrong with one is its line', async () => {
  const lines = Array.from({ length: 150 }, (_, i) => JSON.stringify({ id: i, text: `kevin in paris ${i}` }))
  lines[3] = '{"text"'
  lines[5] = ''
  lines[7] = '{"id": 1436278513418522630, "text": "kevin", "image": "/etc/passwd"}'
  lines[9] = JSON.stringify({ text: 'kevin', image: base64(green) })
  lines[11] = JSON.stringify({ text: bytes(61_000) })
  const response = await fetch(`${served.url}/annotate/lines`, {
    ...{ method: 'POST', body: lines.join('\n') },
    headers: { 'content-type': 'application/x-ndjson' },
  })
  expect(response.status).toBe(200)
  const said = (await response.text())
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(said.map(({ line }) => line)).toEqual(lines.map((_, i) => i + 1))
  const errors = said.flatMap(({ line, error }) => (error === undefined ? [] : [[line, error]]))
  expect(errors.map(([line]) => line)).toEqual([4, 6, 8, 12])
  expect(errors[2]![1]).toMatch(/^lines:8 must have the bytes of its pictures in base64/)
  expect(said[7].id).toBe('1436278513418522630')
  const { line, model, id, text, ...annotation } = said[149]
  expect([id, text, model]).toEqual([149, 'kevin in paris 149', maf.digest.slice(0, 16)])
  expectSame(annotation, await maf.annotate({ text }))
  const { line: _, model: __, text: ___, ...pictured } = said[9]
  expectSame(pictured, await maf.annotate({ text: 'kevin', image: green }))
})

test('what others look at: health, the description of the routes and its page, counts', async () => {
  const get = async (path: string): Promise<Response> => fetch(`${served.url}${path}`)
  expect(await (await get('/health/ready')).json()).toEqual({ status: 'ready', workers: 2 })
  expect((await get('/health/live')).status).toBe(200)
  const { openapi, paths } = (await (await get('/openapi.json')).json()) as { openapi: string; paths: object }
  expect([openapi, Object.keys(paths)]).toEqual([
    '3.1.0',
    ['/health/live', '/health/ready', '/annotate', '/explain', '/annotate/lines'],
  ])
  const page = await get('/docs/')
  expect([page.status, await page.text()]).toEqual([
    200,
    expect.not.stringMatching(/(src|href)="(https?:)?\/\//),
  ])
  const before = await (await get('/metrics')).text()
  await post(served.url, { text: 7 })
  const after = await (await get('/metrics')).text()
  const count = (text: string) =>
    Number(/^maf_http_requests_total\{route="\/annotate",status="400"\} (\d+)$/m.exec(text)?.[1])
  expect(count(after) - count(before)).toBe(1)
  expect(after).toMatch(/^maf_queue_posts 0$/m)
  expect(after).toMatch(/^maf_held_bytes 0$/m)
})

test('a client that leaves is not waited for, and nothing of posts is in the log', async () => {
  const leaving = new AbortController()
  // It never says all of its post, so that no machine is fast enough to answer it.
  const body = new ReadableStream({ start: half => half.enqueue(Buffer.from('{"text": "kevin')) })
  const asked = post(served.url, '', { signal: leaving.signal, body, duplex: 'half' } as RequestInit)
  setTimeout(() => leaving.abort(), 50)
  await expect(asked).rejects.toThrow()
  expect((await post(served.url, { text: 'kevin' })).status).toBe(200)
  expect(served.log.some(({ status }) => status === 499)).toBe(true)
  expect(served.log.filter(({ level }) => Number(level) >= 50)).toEqual([])
  expect(JSON.stringify(served.log)).not.toMatch(/kevin|passwd|script/)
})
