import { LOSSES } from '../expected'
import type { Values } from './golden-engine'

/** The losses among what a program computed, as numbers. */
export const lossValues = (computed: Readonly<Record<string, Values>>): Record<string, number> =>
  Object.fromEntries(LOSSES.map(name => [name, computed[name]!.values[0]!]))
