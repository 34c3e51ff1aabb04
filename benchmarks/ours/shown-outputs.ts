import type { MafOutputs } from '@mafjs/ner-maf'
import type { Tensor } from '@tensorflow/tfjs-core'

/** The outputs that both sides show: the emissions, and the probability that text and picture belong together. */
export const shownOutputs = ({ emissions, matching }: MafOutputs): Record<string, Tensor> => ({
  emissions,
  ...(matching && { match: matching.probability }),
})
