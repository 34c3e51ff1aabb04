import { isObject, recordFormat } from './records'
import { refuse } from './refused'
import { entitiesOf, tokensOf, without } from './spans'

/** What Prodigy notes of a task for itself. */
const OWN = /^(_.*|answer|spans|tokens|relations|accept|options|config|priority|score|label)$/

/**
 * Prodigy's JSONL: `text` with `spans` and the `tokens` they were marked on, of answers that were accepted; rejected and ignored ones
 * are left out and counted.
 */
export const prodigy = recordFormat({
  name: 'Prodigy',
  isRecord: value => {
    if (!isObject(value) || typeof value['text'] !== 'string') return false
    const { answer, spans } = value
    const areSpans =
      Array.isArray(spans) && spans.some(span => isObject(span) && typeof span['label'] === 'string')
    return areSpans || answer === 'accept' || answer === 'reject' || answer === 'ignore'
  },
  read(record, { leave, again }) {
    const { answer = 'accept', text, spans, tokens, relations, image, label } = record
    if (answer !== 'accept') {
      leave('left-out', answer === 'reject' ? 'rejected answers' : 'ignored answers')
      return undefined
    }
    if (record['_view_id'] === 'ner' || record['_is_binary'] === true) {
      refuse(
        'must have answers to whole texts',
        'an answer to one suggested entity (ner.teach and the like)',
        'Whether the text has others was not asked: mark them with ner.manual or ner.correct.',
      )
    }
    if (Array.isArray(relations)) for (const _ of relations) leave('not-carried', 'relations')
    if (Array.isArray(record['accept'])) leave('not-carried', 'choices')
    const isData = typeof image === 'string' && image.startsWith('data:')
    if (isData) leave('not-carried', 'pictures written as data')
    const hash = record['_input_hash']
    if (typeof hash === 'number' && again(String(hash), JSON.stringify([spans ?? [], label]))) {
      leave('left-out', 'answers that say the same again')
      return undefined
    }
    if (label !== undefined && Array.isArray(spans)) {
      refuse('must have spans, or one "label" of the post', 'both', 'Export answers of one recipe.')
    }
    const names = Object.keys(record).filter(name => OWN.test(name))
    return {
      fields: {
        ...without(record, [...names, ...(isData ? ['image'] : [])]),
        ...(tokens !== undefined && { tokens: tokensOf(tokens, text) }),
        ...(label === undefined ? { entities: entitiesOf(spans ?? []) } : { label }),
      },
      offsets: 'codepoints',
    }
  },
})
