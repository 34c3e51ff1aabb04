import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One repository: its commit and its files; those in `large` lie on a second host, as the hub keeps them. */
export interface LoopbackRepository {
  commit: string
  files: Record<string, string>
  large?: readonly string[]
}

export interface LoopbackHub {
  endpoint: string
  repositories: Record<string, LoopbackRepository>
  /** `METHOD /path range?` of every request so far. */
  requests: string[]
  /** Old name -> name of today, answered by a redirect. */
  renamed: Record<string, string>
  /** What to do with the next whole download of a file: break the connection, or send less than was promised. */
  fault: 'none' | 'break' | 'shorten' | 'unavailable'
  close(): Promise<void>
}

const hash = (algorithm: string, text: string): string => createHash(algorithm).update(text).digest('hex')

/** The entry of a file as `tree` and `paths-info` give it. */
function entry(repository: LoopbackRepository, path: string) {
  const content = repository.files[path]!
  const lfs = repository.large?.includes(path) && {
    oid: hash('sha256', content),
    size: content.length,
    pointerSize: 134,
  }
  return { type: 'file', oid: hash('sha1', content), size: content.length, path, ...(lfs && { lfs }) }
}

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/**
 * A hub on the loopback interface that answers what `@huggingface/hub` 2.17 asks: the revision's info, the file tree in
 * pages, `paths-info`, and `resolve` by ranges, with large files redirected to a second host.
 */
export async function startLoopbackHub(
  repositories: Record<string, LoopbackRepository>,
): Promise<LoopbackHub> {
  const json = (response: ServerResponse, body: unknown, status = 200, headers = {}) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))

  /** Answers with a file's bytes: one range of them, or all. */
  function send(request: IncomingMessage, response: ServerResponse, content: string): void {
    const bytes = Buffer.from(content)
    const headers = { ETag: `"${hash('sha1', content)}"`, 'Content-Type': 'application/octet-stream' }
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
    if (range) {
      const [from, to] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)]
      const part = { ...headers, 'Content-Range': `bytes ${from}-${to}/${bytes.length}` }
      response.writeHead(206, part).end(bytes.subarray(from, to + 1))
    } else if (hub.fault === 'break') {
      response.writeHead(200, { ...headers, 'Content-Length': bytes.length })
      response.write(bytes.subarray(0, 3), () => response.destroy())
    } else {
      response.writeHead(200, headers).end(hub.fault === 'shorten' ? bytes.subarray(0, 3) : bytes)
    }
  }

  const storage = createServer((request, response) => {
    const [, sha] = /^\/blob\/(\w+)$/.exec(request.url ?? '') ?? []
    const contents = Object.values(hub.repositories).flatMap(({ files }) => Object.values(files))
    const content = contents.find(text => hash('sha256', text) === sha)
    hub.requests.push(`${request.method} storage ${request.headers.range ?? 'whole'}`)
    if (content === undefined) response.writeHead(404).end()
    else send(request, response, content)
  })
  const storageAddress = await listen(storage)

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', hub.endpoint)
    hub.requests.push(
      `${request.method} ${pathname}${request.headers.range ? ` ${request.headers.range}` : ''}`,
    )
    if (hub.fault === 'unavailable') return void response.writeHead(503).end('down')
    for (const [old, name] of Object.entries(hub.renamed)) {
      for (const prefix of ['/api/models/', '/']) {
        if (!pathname.startsWith(`${prefix}${old}/`)) continue
        const rest = (request.url ?? '').slice(prefix.length + old.length)
        return void response.writeHead(307, { Location: `${prefix}${name}${rest}` }).end()
      }
    }
    const found = /^(\/api\/models)?\/(.+?)\/(revision|tree|paths-info|resolve)\/([^/]+)(?:\/(.+))?$/.exec(
      pathname,
    )
    const [, , name = '', verb, revision = '', path = ''] = found ?? []
    const repository = Object.hasOwn(hub.repositories, name) ? hub.repositories[name]! : undefined
    if (!repository)
      return void json(response, { error: 'Repository not found' }, 404, { 'X-Error-Code': 'RepoNotFound' })
    if (![repository.commit, 'main'].includes(revision)) {
      return void json(response, { error: `Invalid rev id: ${revision}` }, 404, {
        'X-Error-Code': 'RevisionNotFound',
      })
    }
    if (verb === 'revision') {
      return void json(response, { _id: '1', id: name, sha: repository.commit, private: false, likes: 0 })
    }
    if (verb === 'tree') {
      const start = Number(searchParams.get('cursor') ?? 0)
      const paths = Object.keys(repository.files)
      const next = `<${hub.endpoint}${pathname}?cursor=${start + 2}>; rel="next"`
      const page = paths.slice(start, start + 2).map(file => entry(repository, file))
      return void json(response, page, 200, start + 2 < paths.length ? { Link: next } : {})
    }
    if (verb === 'paths-info') {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      return void request.on('end', () => {
        const { paths } = JSON.parse(body) as { paths: string[] }
        const lastCommit = { id: repository.commit, title: 'first', date: '2020-01-01T00:00:00.000Z' }
        const known = paths.filter(file => file in repository.files)
        json(
          response,
          known.map(file => ({ ...entry(repository, file), lastCommit })),
        )
      })
    }
    const content = repository.files[path]
    if (content === undefined) return void response.writeHead(404, { 'X-Error-Code': 'EntryNotFound' }).end()
    if (!repository.large?.includes(path)) return send(request, response, content)
    const oid = hash('sha256', content)
    const headers = {
      Location: `${storageAddress}/blob/${oid}`,
      'X-Linked-ETag': `"${oid}"`,
      'X-Linked-Size': content.length,
    }
    response.writeHead(302, headers).end()
  })

  const hub: LoopbackHub = {
    endpoint: '',
    repositories,
    requests: [],
    renamed: {},
    fault: 'none',
    close: async () => {
      for (const each of [server, storage]) {
        each.closeAllConnections()
        await new Promise(resolve => each.close(resolve))
      }
    },
  }
  hub.endpoint = await listen(server)
  return hub
}
