import { InvalidArgumentError } from '@mafjs/tensor'

/** @throws InvalidArgumentError for what is no integer, or less than `least`. */
export function requireWhole(argument: string, value: number, least: 0 | 1): void {
  if (Number.isInteger(value) && value >= least) return
  const rule = least === 1 ? 'must be a positive integer' : 'must be an integer of at least 0'
  throw new InvalidArgumentError({ argument, rule, received: value })
}

/** @throws InvalidArgumentError for what is not in the list. */
export function requireOneOf(argument: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) {
    throw new InvalidArgumentError({
      argument,
      rule: `must be ${allowed.map(name => `'${name}'`).join(' or ')}`,
      received: value,
    })
  }
}
