import { InvalidArgumentError } from '@mafjs/tensor/errors'

/** An entity of one sentence; positions count tokens from 0, `end` is exclusive. */
export interface Span {
  type: string
  start: number
  end: number
}

/**
 * How labels become entities where they break BIO:
 * - `strict` (IOB2): only `B-` opens an entity; an `I-` that continues nothing counts as nothing;
 * - `lenient` (CoNLL): such an `I-` opens an entity, and so does one of another type than the entity before it;
 * - `published`: as lenient, but the auxiliary labels of the published scheme (`X`, `[CLS]` ...) are entities of their
 *   own name too, so that a model which predicts them loses precision. That is how the published MAF scorer counts.
 */
export type SpanRule = 'strict' | 'lenient' | 'published'

/** What stands for no entity, besides `O`: the auxiliary labels of the published scheme. */
const AUXILIARY_LABELS: ReadonlySet<string> = new Set(['[PAD]', 'X', '[CLS]', '[SEP]'])

/**
 * The entities of one sentence's labels, in order.
 *
 * @throws InvalidArgumentError for an unknown rule, or a label that is not `O`, `B-type`, `I-type` or auxiliary.
 */
export function extractSpans(labels: readonly string[], rule: SpanRule): Span[] {
  if (rule !== 'strict' && rule !== 'lenient' && rule !== 'published') {
    throw new InvalidArgumentError({
      argument: 'rule',
      rule: 'must be strict, lenient or published',
      received: rule,
    })
  }
  const spans: Span[] = []
  let open: Span | undefined
  for (const [position, label] of labels.entries()) {
    const { prefix, type } = parse(label, position, rule)
    if (prefix === 'I' && open?.type === type) {
      open.end = position + 1
      continue
    }
    open = undefined
    if (prefix === 'B' || (prefix === 'I' && rule !== 'strict')) {
      open = { type, start: position, end: position + 1 }
      spans.push(open)
    }
  }
  return spans
}

function parse(label: string, position: number, rule: SpanRule): { prefix: 'B' | 'I' | 'O'; type: string } {
  if (label === 'O') return { prefix: 'O', type: '' }
  if (AUXILIARY_LABELS.has(label)) return { prefix: rule === 'published' ? 'I' : 'O', type: label }
  const [, prefix, type] = /^([BI])-(.+)$/s.exec(label) ?? []
  if (prefix && type) return { prefix: prefix as 'B' | 'I', type }
  throw new InvalidArgumentError({
    argument: `labels[${position}]`,
    rule: `must be O, B-type, I-type or one of ${[...AUXILIARY_LABELS].join(', ')}`,
    received: label,
    fix: 'Convert other schemes (IOBES, BILOU) to BIO first.',
  })
}
