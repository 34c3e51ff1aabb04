import type { Session } from '@mafjs/compile'
import type { ModelRunner } from '../engine/model-runner'
import { graphFeeds } from './graph-feeds'

/** Runs an exported model that ONNX Runtime holds ready. */
export function createGraphRunner(session: Session, pictureSize: number | undefined): ModelRunner {
  let last: Promise<unknown> = Promise.resolve()
  return {
    async infer(batch) {
      const running = session.run(graphFeeds(batch, pictureSize))
      last = Promise.allSettled([last, running])
      const { emissions, match } = await running
      return {
        emissions: { data: emissions!.data as Float32Array, shape: [...emissions!.shape] },
        ...(match && batch.image && { match: match.data as Float32Array }),
      }
    },
    async dispose() {
      await last
      await session.dispose()
    },
  }
}
