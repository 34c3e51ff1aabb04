import type { CollateOptions } from '@mafjs/data'
import { wordShape } from '@mafjs/encoders'
import type { MafConfig } from './config'

/** What a model's configuration says of the batches it reads: their length, and whether they have the shapes of words. */
export const batchOptions = ({
  padTo,
  textEncoder,
}: Pick<MafConfig, 'padTo' | 'textEncoder'>): Pick<CollateOptions, 'padTo' | 'wordShape'> => ({
  padTo,
  ...(textEncoder.wordShapes && { wordShape }),
})
