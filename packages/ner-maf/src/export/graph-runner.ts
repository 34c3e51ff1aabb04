import type { Session } from '@mafjs/compile'
import type { ModelRunner } from '../engine/model-runner'
import { graphFeeds } from './graph-feeds'

/** Runs an exported model that ONNX Runtime holds ready. */
export function createGraphRunner(session: Session, pictureSize: number | undefined): ModelRunner {
  return {
    async infer(batch) {
      const { emissions, match } = await session.run(graphFeeds(batch, pictureSize))
      return {
        emissions: { data: emissions!.data as Float32Array, shape: [...emissions!.shape] },
        ...(match && batch.image && { match: match.data as Float32Array }),
      }
    },
    dispose: session.dispose,
  }
}
