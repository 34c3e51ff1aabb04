import { InvalidArgumentError } from '@mafjs/tensor'

/** What is wrong in one place. */
export interface Wrong {
  rule: string
  received: unknown
  fix: string
}

/** What an error about a data file says. */
export interface DataProblem extends Wrong {
  file: string
  /** Counted from 1; absent when the whole file is meant. */
  line?: number
}

/** An error that names file and line first, as editors understand it: `train.txt:12 must ...`. */
export function dataError({ file, line, ...wrong }: DataProblem): InvalidArgumentError {
  return new InvalidArgumentError({ argument: line === undefined ? file : `${file}:${line}`, ...wrong })
}

/** Text as an error shows it: quoted, so that odd spaces can be seen, and cut to a readable length. */
export function quoted(text: string, longest = 80): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}...` : text)
}

/** Any JSON value as an error shows it. */
export function shownJson(value: unknown, longest = 80): string {
  const json = JSON.stringify(value) ?? 'nothing'
  return json.length > longest ? `${json.slice(0, longest)}...` : json
}

/** Throws what is wrong in one place of a file. */
export type Refuse = (rule: string, received: unknown, fix: string) => never
