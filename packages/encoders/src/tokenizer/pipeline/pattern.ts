import { InvalidArgumentError } from '@mafjs/tensor'

/** One character or class of characters, repeated or not, or several to choose from: found in a time that grows with the text alone. */
const ONE =
  /(?:\\s|\\[pP]\{\w+\}|\[(?:\\[nrtspP\-\]\\]|\{\w+\}|[^\\[\]&])+\]|\\[^\w]|[^\\()[\]{}.*+?|^$])(?:[+]|\{\d{1,3}(?:,\d{0,3})?\})?/u
    .source
const PLAIN = new RegExp(`^${ONE}(?:\\|${ONE})*$`, 'u')

/**
 * A pattern of a `tokenizer.json`: a text, or a regular expression of one character or class.
 *
 * @throws InvalidArgumentError for any other expression: it might take hours for a word.
 */
export function patternOf(pattern: unknown, argument: string): RegExp {
  const { String: text, Regex: expression } = Object(pattern) as { String?: unknown; Regex?: unknown }
  if (typeof text === 'string' && text !== '') return new RegExp(RegExpEscape(text), 'gu')
  if (typeof expression === 'string' && PLAIN.test(expression)) {
    // The library that wrote it counts all that Unicode does as white space.
    try {
      return new RegExp(expression.replaceAll('\\s', '\\p{White_Space}'), 'gu')
    } catch {
      // Not JavaScript's: as any other that is not read.
    }
  }
  throw new InvalidArgumentError({
    argument: `tokenizer: ${argument}`,
    rule: 'must have a text, or one character or class as the expression of its pattern, as " {2,}"',
    received: typeof (text ?? expression) === 'string' ? String(text ?? expression).slice(0, 200) : 'nothing',
    fix: 'No other expression is run here: on a word made for it, it might take hours.',
  })
}

const RegExpEscape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
