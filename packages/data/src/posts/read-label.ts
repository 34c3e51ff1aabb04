import { quoted, type Wrong } from './data-error'

/**
 * An entity type as it is used: OTHER, Twitter-2015's word for it, is MISC.
 *
 * @param types the types allowed. @default any
 * @returns what is wrong with one that is empty, has white space in it, or is not among the allowed types.
 */
export function readType(text: string, types?: readonly string[]): string | Wrong {
  const type = text === 'OTHER' ? 'MISC' : text
  if (/^\S+$/.test(type) && (types?.includes(type) ?? true)) return type
  return {
    rule: types
      ? `must have an entity type of ${types.join(', ')}`
      : 'must have an entity type without spaces',
    received: quoted(text),
    fix: types ? 'Correct the type, or add it to the list of types.' : 'Correct the type.',
  }
}

/** A BIO label as it is used, or what is wrong with it; an I- that follows no entity stays what it is. */
export function readLabel(text: string, types?: readonly string[]): string | Wrong {
  if (text === 'O') return text
  if (/^[BI]-./.test(text)) {
    const type = readType(text.slice(2), types)
    return typeof type === 'string' ? text.slice(0, 2) + type : type
  }
  return {
    rule: 'must have a label O, B-TYPE or I-TYPE',
    received: quoted(text),
    fix: 'Convert the labels to the BIO scheme.',
  }
}

/** A wrong label as a report shows it: of another scheme it is shown, anything else may be a word of the post. */
export const shownLabel = (label: string): string =>
  /^[A-Z]([-_]\S{1,20})?$/.test(label) ? `the label ${label}` : 'no label'
