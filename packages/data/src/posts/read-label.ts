import { dataError, quoted } from './data-error'

/** Where a label or type stands, and which types are allowed there. */
export interface LabelPlace {
  file: string
  /** Counted from 1. */
  line: number
  /** The entity types allowed. @default any */
  types?: readonly string[]
  /** Called for every type that is read as another one. */
  onMapped?: () => void
}

/**
 * An entity type as it is used: OTHER, Twitter-2015's word for it, is MISC.
 *
 * @throws InvalidArgumentError for a type that is empty, has white space in it, or is not among the allowed types.
 */
export function readType(text: string, { file, line, types, onMapped }: LabelPlace): string {
  const type = text === 'OTHER' ? 'MISC' : text
  if (!/^\S+$/.test(type) || (types && !types.includes(type))) {
    throw dataError({
      file,
      line,
      rule: types
        ? `must have an entity type of ${types.join(', ')}`
        : 'must have an entity type without spaces',
      received: quoted(text),
      fix: types ? 'Correct the type, or add it to the list of types.' : 'Correct the type.',
    })
  }
  if (type !== text) onMapped?.()
  return type
}

/**
 * A BIO label as it is used; an I- that follows no entity stays what it is.
 *
 * @throws InvalidArgumentError for a label that is not O, B-TYPE or I-TYPE.
 */
export function readLabel(text: string, place: LabelPlace): string {
  if (text === 'O') return text
  if (/^[BI]-./.test(text)) return text.slice(0, 2) + readType(text.slice(2), place)
  throw dataError({
    file: place.file,
    line: place.line,
    rule: 'must have a label O, B-TYPE or I-TYPE',
    received: quoted(text),
    fix: 'Convert the labels to the BIO scheme.',
  })
}
