import { constant, type ParameterSpec } from '@mafjs/tensor'

/** How an encoder is made, apart from its configuration. */
export interface CreateOptions {
  /**
   * Whether parameters are drawn at random. `false` leaves them all at zero, for a caller that assigns a checkpoint
   * next: drawing the 110 million values of a bert-base only to overwrite them takes seconds.
   * @default true
   */
  initialise?: boolean | undefined
}

/** The specs with their own initializers, or all zero. */
export function withFirstValues(
  specs: Record<string, ParameterSpec>,
  { initialise = true }: CreateOptions,
): Record<string, ParameterSpec> {
  if (initialise) return specs
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, { ...spec, initializer: constant(0) }]),
  )
}
