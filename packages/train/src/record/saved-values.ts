import { isNumber, isObject } from '@mafjs/tensor/json'

/** Whether a value read from a file is the loss parts of a step or of an epoch. */
export const isLossValues = (value: unknown): boolean =>
  isObject(value) && 'total' in value && Object.values(value).every(isNumber)
