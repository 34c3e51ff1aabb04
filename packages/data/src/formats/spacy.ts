import { shownJson } from '../posts/data-error'
import type { Fields } from './json-fields'
import { isObject, recordFormat } from './records'
import { refuse } from './refused'
import { areTriples, entitiesOf, tokensOf, without } from './spans'

/** What spaCy has of a text and posts do not. */
const OWN = [
  'entities',
  'ents',
  'spans',
  'tokens',
  'sents',
  'cats',
  'links',
  'relations',
  'heads',
  'deps',
  'tags',
]

/** A training example of version 2: the text, and what it has. */
const pairOf = (value: unknown): Fields | undefined =>
  Array.isArray(value) && typeof value[0] === 'string' && isObject(value[1])
    ? { text: value[0], ...value[1] }
    : undefined

/**
 * spaCy's examples: `["text", {"entities": [[start, end, type], ...]}]`, the same as an object, entities with a `label`, or what `Doc.to_json` gives (`ents`,
 * with `tokens` as its words). Groups of `spans` may overlap and are no entities.
 */
export const spacy = recordFormat({
  name: 'spaCy',
  isRecord: value => {
    const record = pairOf(value) ?? value
    if (!isObject(record) || typeof record['text'] !== 'string') return false
    const { entities, ents } = record
    const areLabelled =
      Array.isArray(entities) &&
      entities.some(
        entity => isObject(entity) && entity['type'] === undefined && typeof entity['label'] === 'string',
      )
    return areTriples(entities) || areLabelled || Array.isArray(ents) || pairOf(value) !== undefined
  },
  read(record, { leave }) {
    const pair: Fields = pairOf(record) ?? record
    if (Array.isArray(record) && !pairOf(record)) {
      refuse(
        'must have a text and an object with its entities',
        shownJson(record),
        'Write ["text", {"entities": [...]}].',
      )
    }
    const { text, entities, ents, tokens, spans } = pair
    if (isObject(spans)) {
      for (const group of Object.values(spans)) {
        if (Array.isArray(group)) for (const _ of group) leave('not-carried', 'spans of groups')
      }
    }
    for (const name of ['cats', 'links', 'relations']) {
      if (Object.keys(pair[name] ?? {}).length > 0) leave('not-carried', name)
    }
    const given = entities ?? ents ?? (Array.isArray(spans) ? spans : undefined)
    for (const one of Array.isArray(given) ? given : []) {
      if (Array.isArray(one) && one.length > 3) leave('not-carried', 'links to a knowledge base')
    }
    return {
      fields: {
        ...without(pair, OWN),
        ...(Array.isArray(tokens) && { tokens: tokensOf(tokens, text) }),
        ...(given !== undefined && { entities: entitiesOf(given) }),
      },
      offsets: 'codepoints',
    }
  },
})
