import { LosslessNumber, parse, stringify } from 'lossless-json'

/** What every text has that holds a number JavaScript would write otherwise. */
const MAY_CHANGE = /\d{16}|\d[.eE]|-0/

/** Whether a number is the only one that JavaScript reads as it, and written as it was. */
const isKept = (digits: string): boolean => {
  const number = Number(digits)
  return String(number) === digits && Math.abs(number) <= Number.MAX_SAFE_INTEGER
}

/** The value of a JSON text, numbers that are not kept by what a function makes of their digits. */
const parseWith = (text: string, spell: (digits: string) => unknown): unknown =>
  parse(text, undefined, {
    parseNumber: digits => (isKept(digits) ? Number(digits) : spell(digits)),
    // As JSON.parse has it.
    onDuplicateKey: ({ newValue }) => newValue,
  })

/**
 * A value that was parsed of a JSON text, but with the string of their digits for numbers that JavaScript cannot keep (beyond
 * 2^53) or would write otherwise (`1.0`, `1e3`).
 */
export const digitsAsText = <Value>(text: string, value: Value): Value =>
  MAY_CHANGE.test(text) ? (parseWith(text, digits => digits) as Value) : value

/** A JSON text again, changed by a function, with every number as it was spelled. */
export const editJson = (text: string, edit: (value: unknown) => unknown): string =>
  stringify(edit(parseWith(text, digits => new LosslessNumber(digits)))) ?? ''
