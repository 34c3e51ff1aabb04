import { InvalidArgumentError } from '@mafjs/tensor'

/** Ends reading with an error that names the file, the rule it breaks and the fix. */
export type Refuse = (rule: string, received: unknown, fix?: string) => never

/** What to do about a file that is neither whole nor what it claims to be. */
const FETCH_AGAIN = 'The file is damaged; fetch or save it again.'

/** The most of a file's own text that an error repeats. */
const LONGEST_TEXT = 200

/**
 * What an error shows of a value that a file made up: texts and numbers. A list of two lists of two lists, forty deep,
 * is a hundred bytes of pickle and would be written out as terabytes.
 */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, LONGEST_TEXT)
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`
}

/** The refusals of one file. */
export function refusalOf(path: string): Refuse {
  return (rule, received, fix = FETCH_AGAIN) => {
    throw new InvalidArgumentError({ argument: path, rule, received, fix })
  }
}
