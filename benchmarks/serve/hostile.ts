/** What a client sends that wants no good, and the status that it must get. */
export interface Hostile {
  name: string
  body: string
  path?: string
  type?: string
  leaveAfter?: number
  status: number | 'left'
}

/** Bytes that a body may have in the soak: large ones are to be large by little. */
export const BODY_BYTES = 200_000

const FORM = 'multipart/form-data; boundary=x'
const part = (name: string, value: string): string =>
  `--x\r\ncontent-disposition: form-data; name="${name}"; filename="../../a"\r\n\r\n${value}\r\n`

/** Each is sent in turn. */
export const HOSTILE: readonly Hostile[] = [
  { name: 'no JSON', body: '{"text": "kevin', status: 400 },
  { name: 'nested lists', body: '['.repeat(100_000), status: 400 },
  { name: 'a body that is too large', body: `{"text": "${'a'.repeat(BODY_BYTES)}"}`, status: 413 },
  {
    name: 'a broken picture',
    body: '{"text": "kevin", "image": "/9j/4AAQSkZJRgABAQAAAQABAAD/"}',
    status: 422,
  },
  { name: 'a path', body: '{"text": "kevin", "image": "../../etc/passwd"}', status: 400 },
  { name: 'an address', body: '{"text": "kevin", "images": ["http://127.0.0.1:1/a.png"]}', status: 400 },
  { name: 'a text of another kind', body: '{"text": {"$gt": ""}}', status: 400 },
  { name: 'another type', body: 'kevin', type: 'text/html', status: 415 },
  { name: 'a prototype', body: '{"text": "kevin", "__proto__": {"tokens": ["a"]}}', status: 200 },
  { name: 'a broken form', body: `${part('text', 'kevin')}--x`, type: FORM, status: 400 },
  { name: 'a form with another part', body: `${part('file', 'a')}--x--\r\n`, type: FORM, status: 400 },
  { name: 'no route', body: '{}', path: '/../../etc/passwd', status: 404 },
  { name: 'a body that never ends', body: '{"text": "kevin loves paris"}', leaveAfter: 300, status: 'left' },
]
