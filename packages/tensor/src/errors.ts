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
    const what = cut(`${argument} ${rule}. Received: ${shown(received)}`, 8000)
    super(`${what}.${fix ? ` ${fix}` : ''}`)
  }
}

/** What a file or a caller made can be of any size and shape; a text is a message of ours, with names of a file's, and may be longer. */
const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)} ... (${text.length - most} characters more)` : text

function shown(received: unknown): string {
  if (typeof received === 'string') return received
  // JSON would write NaN and infinity as null, and has no word at all for the others.
  if (typeof received !== 'object' || received === null) return String(received)
  try {
    return cut(JSON.stringify(received), 1000)
  } catch {
    return 'an object that is not plain JSON'
  }
}

/** Refuses numbers that are not positive and finite. @throws InvalidArgumentError naming the first. */
export function assertPositive(numbers: Readonly<Record<string, number>>): void {
  for (const [argument, received] of Object.entries(numbers)) {
    if (Number.isFinite(received) && received > 0) continue
    throw new InvalidArgumentError({ argument, rule: 'must be a positive number', received })
  }
}

/** Refuses sizes and counts that are no positive whole numbers. @throws InvalidArgumentError naming the first. */
export function assertSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [argument, received] of Object.entries(sizes)) {
    if (Number.isSafeInteger(received) && received > 0) continue
    throw new InvalidArgumentError({ argument, rule: 'must be a positive whole number', received })
  }
}

/** More layers than any network has; each is written out before its parameters are counted. */
const MOST_LAYERS = 1000

/** Refuses a count of layers that is no positive whole number, or without end. @throws InvalidArgumentError naming it. */
export function assertLayers(layers: number): void {
  assertSizes({ layers })
  if (layers <= MOST_LAYERS) return
  throw new InvalidArgumentError({
    argument: 'layers',
    rule: `must be at most ${MOST_LAYERS}`,
    received: layers,
  })
}
