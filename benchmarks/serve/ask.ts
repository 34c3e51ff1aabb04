import { Agent, request } from 'node:http'

/** What came back: a status with its body, or none where this client left. */
export interface Reply {
  status: number | 'left'
  body: string
  retryAfter: string | undefined
  milliseconds: number
}

/** What is sent. */
export interface Question {
  url: string
  agent: Agent
  path?: string
  type?: string
  body: string | Buffer
  /** Milliseconds after which this client leaves in the middle of the body. */
  leaveAfter?: number
}

/** Connections that stay open. */
export const connections = (count: number): Agent => new Agent({ keepAlive: true, maxSockets: count })

/** Sends a request and waits for all of its answer. */
export function ask({
  url,
  agent,
  path = '/annotate',
  type = 'application/json',
  body,
  leaveAfter,
}: Question): Promise<Reply> {
  const started = performance.now()
  return new Promise((resolve, reject) => {
    const reply = (status: Reply['status'], text: string, retryAfter?: string): void =>
      resolve({ status, body: text, retryAfter, milliseconds: performance.now() - started })
    let isLeft = false
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body) }
    const sent = request(`${url}${path}`, { method: 'POST', agent, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        reply(response.statusCode!, Buffer.concat(chunks).toString(), response.headers['retry-after']),
      )
    })
    sent.on('error', error => (isLeft ? reply('left', '') : reject(error)))
    if (leaveAfter === undefined) return void sent.end(body)
    sent.write(body.slice(0, body.length >> 1))
    setTimeout(() => {
      isLeft = true
      sent.destroy(new Error('left'))
    }, leaveAfter)
  })
}
