import { hasFields, isNumber } from '@mafjs/tensor/files'

/** Whether a value read from a file is the loss parts of a step or of an epoch. */
export const isLossValues = hasFields({
  total: isNumber,
  tagging: isNumber,
  matching: isNumber,
  alignment: isNumber,
})

/** Whether a value read from a file has the score that chooses the best epoch. */
export const hasStrictF1 = hasFields({ strict: hasFields({ micro: hasFields({ f1: isNumber }) }) })
