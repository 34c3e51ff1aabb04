import { InvalidArgumentError } from '@mafjs/tensor'
import type { JsonObject } from './read-json'

/** Fields of a `config.json` whose values are checked as they are read. */
export interface ConfigFields {
  /** A field, or what stands for one that is left out. */
  get(field: string, absent: unknown): unknown
  /** The same, which must be a number. */
  number(field: string, absent: unknown): number
  /** @throws InvalidArgumentError naming the file and the field. */
  refuse(field: string, rule: string, received: unknown, fix?: string): never
}

/** @param source what the file is called in errors */
export function configFields(json: JsonObject, source: string): ConfigFields {
  const refuse: ConfigFields['refuse'] = (field, rule, received, fix) => {
    throw new InvalidArgumentError({ argument: `${source}: ${field}`, rule, received, fix })
  }
  const get = (field: string, absent: unknown): unknown => (json[field] === undefined ? absent : json[field])
  return {
    get,
    number(field, absent) {
      const value = get(field, absent)
      return typeof value === 'number' ? value : refuse(field, 'must be a number', value)
    },
    refuse,
  }
}

/**
 * Checks that a `config.json` says nothing that is not computed.
 *
 * @param fixed fields that may have one value alone
 * @param known fields that are read, or change nothing
 * @throws InvalidArgumentError naming a field of another value, or one that is not known.
 */
export function assertFields(
  json: JsonObject,
  fixed: Readonly<Record<string, unknown>>,
  known: Iterable<string>,
  { refuse }: Pick<ConfigFields, 'refuse'>,
): void {
  const names = new Set(known)
  for (const [field, value] of Object.entries(fixed)) {
    // Checkpoints older than these fields lack them, and are what the fields then came to mean.
    if (json[field] === undefined || JSON.stringify(json[field]) === JSON.stringify(value)) continue
    const fix = 'No other is computed here; take another checkpoint.'
    refuse(field, `must be ${JSON.stringify(value)}`, json[field], fix)
  }
  for (const [field, value] of Object.entries(json)) {
    if (names.has(field) || Object.hasOwn(fixed, field)) continue
    const fix = 'It may change what the encoder computes: take it out where it does not.'
    refuse(field, 'must be a field that is known', JSON.stringify(value).slice(0, 100), fix)
  }
}
