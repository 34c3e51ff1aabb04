import { InvalidArgumentError } from '@mafjs/tensor'

/** Ends reading with an error that names the file, the rule it breaks and the fix. */
export type Refuse = (rule: string, received: unknown, fix?: string) => never

/** What to do about a file that is neither whole nor what it claims to be. */
const FETCH_AGAIN = 'The file is damaged; fetch or save it again.'

/** The refusals of one file. */
export function refusalOf(path: string): Refuse {
  return (rule, received, fix = FETCH_AGAIN) => {
    throw new InvalidArgumentError({ argument: path, rule, received, fix })
  }
}
