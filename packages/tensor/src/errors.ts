/** What every error of MAF.js says: which argument, which rule, what came instead, and how to mend it. */
export interface InvalidArgument {
  /** The argument as the caller knows it, e.g. `inputs.text.mask`. */
  argument: string
  /** The rule in a few words, e.g. `must have shape [batch, positions]`. */
  rule: string
  /** What was received; shown as JSON where it is not a string. */
  received: unknown
  /** What to do about it. */
  fix?: string
}

/** Thrown for an argument that breaks a rule: wrong shape, dtype, range or name. */
export class InvalidArgumentError extends Error {
  override name = 'InvalidArgumentError'
  constructor({ argument, rule, received, fix }: InvalidArgument) {
    const shown = typeof received === 'string' ? received : JSON.stringify(received)
    super(`${argument} ${rule}. Received: ${shown}.${fix ? ` ${fix}` : ''}`)
  }
}
