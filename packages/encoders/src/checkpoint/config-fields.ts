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
