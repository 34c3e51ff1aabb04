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
    const parts = [argument, rule, shown(received)].map(shortened)
    super(`${parts[0]} ${parts[1]}. Received: ${parts[2]}.${fix ? ` ${fix}` : ''}`)
  }
}

/** What a file or a caller made can be of any size and shape; a text is a message of ours and may be longer. */
const LONGEST_JSON = 1000
const LONGEST_TEXT = 8000

/** Names that a file made up stand in our messages too. */
const shortened = (text: string): string =>
  text.length > LONGEST_TEXT
    ? `${text.slice(0, LONGEST_TEXT)} ... (${text.length - LONGEST_TEXT} characters more)`
    : text

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

/** Refuses numbers that are not positive and finite. @throws InvalidArgumentError naming the first. */
export function assertPositive(numbers: Readonly<Record<string, number>>): void {
  for (const [argument, received] of Object.entries(numbers)) {
    if (Number.isFinite(received) && received > 0) continue
    throw new InvalidArgumentError({ argument, rule: 'must be a positive number', received })
  }
}

/** More layers than any network has; each is written out before its parameters are counted. */
const MOST_LAYERS = 1000

/** Refuses sizes and counts that are no positive whole numbers, and layers without end. @throws InvalidArgumentError naming the first. */
export function assertSizes(sizes: Readonly<Record<string, number>>): void {
  for (const [argument, received] of Object.entries(sizes)) {
    const most = argument === 'layers' ? MOST_LAYERS : Number.MAX_SAFE_INTEGER
    if (Number.isSafeInteger(received) && received > 0 && received <= most) continue
    const rule = `must be a positive whole number${argument === 'layers' ? ` of at most ${most}` : ''}`
    throw new InvalidArgumentError({ argument, rule, received })
  }
}
