import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { useBackend } from '@mafjs/compile/engine'
import pino from 'pino'
import { writeTinyCheckpoint } from '../../ner-maf/test/checkpoint/tiny-checkpoint'
import { type RunningServer, type ServeOptions, startServer } from '../src/index'

/** The folder of a tiny model with pictures. */
export async function tinyModel(seed = 1): Promise<string> {
  await useBackend('cpu')
  const folder = join(await mkdtemp(join(tmpdir(), 'maf-serve-')), 'model')
  await writeTinyCheckpoint(folder, { seed })
  return folder
}

/** A server within this process, its workers in theirs, and what it logs. */
export interface Served extends RunningServer {
  log: Record<string, unknown>[]
}

/** Serves a model on a free port. */
export async function serve(options: ServeOptions): Promise<Served> {
  const log: Record<string, unknown>[] = []
  const lines = new Writable({
    write(chunk, _, done) {
      log.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const server = await startServer({ port: 0, workers: 1, backend: 'cpu', ...options }, pino(lines))
  return { ...server, log }
}

/** A post that takes long, in windows of the tiny model. */
export const LONG_TEXT = 'kevin loves paris '.repeat(500)

/** What a request that failed says. */
export async function problemOf(response: Response): Promise<{ status: number; detail: string }> {
  const { headers, status } = response
  const body = (await response.json()) as Record<string, unknown>
  const type = headers.get('content-type')
  if (!type?.startsWith('application/problem+json')) throw new Error(`${status} came as ${type}`)
  if (Object.keys(body).join() !== 'type,title,status,detail,instance' || body['status'] !== status)
    throw new Error(`a problem of another shape: ${JSON.stringify(body)}`)
  return { status, detail: String(body['detail']) }
}

/** Posts JSON. */
export const post = (url: string, body: unknown, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}/annotate`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  })
