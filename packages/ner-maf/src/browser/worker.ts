import { openInPage } from './open-in-page'
import type { Calls, Reply, Request, SentError } from './protocol'

// The script of a model's worker: answers the calls of its page.

/** What is under way, by the number of its call. */
const aborts = new Map<number, AbortController>()

let opened: ReturnType<typeof openInPage> | undefined

const reply = (one: Reply): void => postMessage(one)

/** What is left of an error on its way. */
function sent(error: unknown): SentError {
  const { name, message, picture, fault } = error as SentError
  return { name: name ?? 'Error', message: message ?? String(error), picture, fault }
}

/** The calls under way, after which the model is freed. */
const underWay = new Set<Promise<unknown>>()

async function answer({ id, call, given }: Extract<Request, { call: keyof Calls }>): Promise<unknown> {
  const abort = new AbortController()
  aborts.set(id, abort)
  if (call === 'load') {
    opened = openInPage(given[0] as Parameters<Calls['load']>[0], {
      signal: abort.signal,
      onProgress: progress => reply({ id, progress }),
    })
    return (await opened).loaded
  }
  const model = await opened!
  if (call === 'dispose') {
    await Promise.allSettled(underWay)
    return model.dispose()
  }
  const [post, options] = given as Parameters<Calls['annotate']>
  const running = model[call](post, { ...options, signal: abort.signal })
  underWay.add(running)
  return running.finally(() => underWay.delete(running))
}

function onRequest({ data }: MessageEvent<Request>): void {
  const { id } = data
  if ('abort' in data) {
    aborts.get(id)?.abort()
    return
  }
  answer(data).then(
    result => {
      aborts.delete(id)
      reply({ id, result })
    },
    error => {
      aborts.delete(id)
      reply({ id, error: sent(error) })
    },
  )
}

// Where a bundler put ONNX Runtime into this very file, its threads start from it, too, and are known by their name.
if (self.name.startsWith('em-pthread')) void import('onnxruntime-web/wasm')
else addEventListener('message', onRequest)
