/** What every error of MAF.js says: which argument, which rule, what came instead, and how to mend it. */
export interface InvalidArgument {
  /** The argument as the caller knows it, e.g. `inputs.text.mask`. */
  argument: string
  /** The rule in a few words, e.g. `must have shape [batch, positions]`. */
  rule: string
  /** What was received; an object or array is shown as JSON. */
  received: unknown
  /** What to do about it. */
  fix?: string
}

/** Thrown for an argument that breaks a rule: wrong shape, dtype, range or name. */
export class InvalidArgumentError extends Error {
  override name = 'InvalidArgumentError'
  constructor({ argument, rule, received, fix }: InvalidArgument) {
    super(`${argument} ${rule}. Received: ${shown(received)}.${fix ? ` ${fix}` : ''}`)
  }
}

/** What a file or a caller made can be of any size and shape; a text is a message of ours and stays whole. */
const LONGEST_JSON = 1000

function shown(received: unknown): string {
  if (typeof received === 'string') return received
  // JSON would write NaN and infinity as null, and has no word at all for the others.
  if (typeof received !== 'object' || received === null) return String(received)
  try {
    const json = JSON.stringify(received)
    return json.length > LONGEST_JSON ? `${json.slice(0, LONGEST_JSON)} ...` : json
  } catch {
    return 'an object that is not plain JSON'
  }
}

/** Refuses sizes and counts that are no positive whole numbers. @throws InvalidArgumentError naming the first. */
export function assertSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [argument, received] of Object.entries(sizes)) {
    if (Number.isInteger(received) && received > 0) continue
    throw new InvalidArgumentError({ argument, rule: 'must be a positive whole number', received })
  }
}
