import { InvalidArgumentError } from '../errors'
import { readJsonText } from './read-json-text'

/** What a JSON file must hold. */
export interface JsonFile {
  /** What tells whether the value of a field is one, by name. @default any object will do */
  fields?: Record<string, (value: unknown) => boolean>
  /** The way out where it is damaged. */
  fix: string
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a value is an object whose fields are such. */
export const hasFields =
  (fields: NonNullable<JsonFile['fields']>) =>
  (value: unknown): boolean =>
    isObject(value) && Object.entries(fields).every(([name, is]) => is(value[name]))

/** Whether a value is a list of such. */
export const listOf =
  (is: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(is)

/** Whether a value is such, or left out. */
export const optional =
  (is: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || is(value)

export const isText = (value: unknown): value is string => typeof value === 'string'
export const isNumber = (value: unknown): value is number => typeof value === 'number'
export const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 0

/** The beginning of what was received, as long as a person likes to read. */
const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)} ...` : text)

/** Checks that an object has fields as they must be, else says which one is not. */
export function checkFields(content: object, file: string, { fields = {}, fix }: JsonFile): void {
  for (const [name, is] of Object.entries(fields)) {
    const value = (content as Record<string, unknown>)[name]
    if (is(value)) continue
    const received = shown(JSON.stringify(value) ?? 'nothing')
    throw new InvalidArgumentError({ argument: file, rule: `must have a whole "${name}"`, received, fix })
  }
}

/**
 * A JSON object from its text.
 *
 * @param file its name, for errors
 * @throws InvalidArgumentError for a text that is no JSON object, or one without a field as it must be.
 */
export function parseJson<Content>(text: string, file: string, json: JsonFile): Content {
  const refuse = (rule: string, received: string): never => {
    throw new InvalidArgumentError({ argument: file, rule, received, fix: json.fix })
  }
  let content: unknown
  try {
    content = readJsonText(text)
  } catch (error) {
    return refuse(
      'must be JSON',
      text.trim() === '' ? 'an empty file' : (error as Error).message.replace(/\s+/g, ' '),
    )
  }
  if (!isObject(content)) return refuse('must hold a JSON object', shown(JSON.stringify(content)))
  checkFields(content, file, json)
  return content as Content
}
