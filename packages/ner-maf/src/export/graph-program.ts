import type { HostArray, Session } from '@mafjs/compile'
import type { BatchArrays } from '../model/batch-arrays'
import type { MafProgram } from '../task/maf-program'
import { type GraphPictures, graphFeeds } from './graph-feeds'

/** An exported model that ONNX Runtime holds ready, as what computes a model's outputs. */
export const graphProgram = (
  session: Pick<Session, 'run' | 'dispose'>,
  pictures: GraphPictures | undefined,
): MafProgram => ({
  run: batch => session.run(graphFeeds(batch as BatchArrays, pictures)) as Promise<Record<string, HostArray>>,
  dispose: session.dispose,
})
