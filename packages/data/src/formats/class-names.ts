import { TAG_FIELDS } from './hugging-face'
import { isObject, parseJson } from './records'

/** The first list of names in a part of a description. */
function namesIn(value: unknown): string[] | undefined {
  if (!isObject(value)) return undefined
  const { names } = value
  if (Array.isArray(names)) return names.map(String)
  for (const part of Object.values(value)) {
    const found = namesIn(part)
    if (found) return found
  }
  return undefined
}

/**
 * The names of label numbers in a description of features as `datasets` writes it in JSON: in `dataset_info.json`, by configuration
 * in `dataset_infos.json`, or in the key `huggingface` of a Parquet file.
 *
 * @returns nothing where it has none, or different ones for several configurations.
 */
export function classNames(json: string): string[] | undefined {
  const { value } = parseJson(json)
  if (!isObject(value)) return undefined
  const infos = [value, value['info'], ...Object.values(value)].filter(isObject)
  const found = infos.flatMap(({ features }) => {
    if (!isObject(features)) return []
    const field = TAG_FIELDS.find(name => namesIn(features[name]))
    return field === undefined ? [] : [namesIn(features[field])!]
  })
  return new Set(found.map(names => names.join('\n'))).size === 1 ? found[0] : undefined
}
