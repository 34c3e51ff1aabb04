/** As in serde_json: whatever walks deeper values by calling itself runs out of stack. */
const DEEPEST = 128

const QUOTE = 0x22
const BACKSLASH = 0x5c

/** How a text is read. */
export interface ReadJsonOptions {
  /** Whether an object may have a name twice, of which the last counts. @default true */
  repeatedNames?: boolean | undefined
}

/**
 * `JSON.parse` of a text that others wrote: without values that end the programs that walk them.
 *
 * @throws SyntaxError for a text that is no JSON, lists and objects in each other more than 128 deep, and a name that may not
 * stand twice.
 */
export function readJsonText(text: string, { repeatedNames = true }: ReadJsonOptions = {}): unknown {
  const names: Set<string>[] = []
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at)
    if (sign === QUOTE) {
      const end = endOfString(text, at)
      if (!repeatedNames && isName(text, end)) {
        const name = JSON.parse(text.slice(at, end + 1)) as string
        if (names[depth]?.has(name))
          throw new SyntaxError(`the name ${JSON.stringify(name.slice(0, 80))} twice`)
        names[depth]?.add(name)
      }
      at = end
    } else if (sign === 0x5b || sign === 0x7b) {
      depth += 1
      if (depth > DEEPEST) throw new SyntaxError(`lists and objects in each other more than ${DEEPEST} deep`)
      if (!repeatedNames) names[depth] = new Set()
    } else if (sign === 0x5d || sign === 0x7d) depth -= 1
  }
  return JSON.parse(text)
}

/** Where the quotation mark is that ends a string; behind the text where none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return end
  }
  return text.length
}

/** Whether a string that ends there is the name of a value. */
function isName(text: string, end: number): boolean {
  const colon = /\s*:/y
  colon.lastIndex = end + 1
  return colon.test(text)
}

/** A value of JSON where a text is wanted: the text itself, else how JSON spells it; an object may call a value of its own `toString`. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined')
