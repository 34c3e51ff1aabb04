import { InvalidArgumentError, Option } from 'commander'
import { BACKENDS } from '../engine/use-backend'

/** Parses a number within bounds for commander. */
export const number =
  (least: number, most = Number.POSITIVE_INFINITY) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`)
    }
    return value
  }

/** Parses a whole number within bounds for commander. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = number(least, most)(text)
    if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.')
    return value
  }

/** `--backend`, the same in every command. */
export const backendOption = (): Option =>
  new Option('--backend <name>', 'tfjs backend').choices([...BACKENDS]).default('auto')
