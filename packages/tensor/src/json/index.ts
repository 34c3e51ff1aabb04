export {
  checkFields,
  hasFields,
  isCount,
  isNumber,
  isObject,
  isText,
  type JsonFile,
  listOf,
  optional,
  parseJson,
} from './check-json'
export { damagedUnless } from './damaged-unless'
export { isSameJson } from './is-same-json'
export { asText, type ReadJsonOptions, readJsonText } from './read-json-text'
