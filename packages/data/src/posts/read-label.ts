import { quoted, type Wrong } from './data-error'

/**
 * An entity type as it is used: OTHER, Twitter-2015's word for it, is MISC. It may hold spaces.
 *
 * @param types the types allowed. @default any
 * @returns what is wrong with one that is empty, has white space around it, a tab or a line end in it, or is not among the
 * allowed types.
 */
export function readType(text: string, types?: readonly string[]): string | Wrong {
  const type = text === 'OTHER' ? 'MISC' : text
  if (isType(type) && (types?.includes(type) ?? true)) return type
  return {
    rule: types
      ? `must have an entity type of ${types.join(', ')}`
      : 'must have an entity type without tabs and line ends, and without spaces around it',
    received: quoted(text),
    fix: types ? 'Correct the type, or add it to the list of types.' : 'Correct the type.',
  }
}

/** Whether a text can be an entity type. */
export const isType = (text: string): boolean => text !== '' && text.trim() === text && !/[\t\n\r]/.test(text)

/** What a label is in BIO: in BIOES (BMES, BMEWO) and BILOU the last word of an entity and an only one have letters of their own. */
const IN_BIO = new Map(Object.entries({ B: 'B', I: 'I', E: 'I', L: 'I', M: 'I', S: 'B', U: 'B', W: 'B' }))

const PREFIXED = /^([BIELMSUW])([-_])(.+)$/s
const SUFFIXED = /^(.+)[-_]([BIELMSUW])$/s

/** A label as it is used, and what was changed. */
export interface ReadLabel {
  /** O, B-TYPE or I-TYPE; an I- that follows no entity stays what it is. */
  label: string
  /** Whether its type was OTHER, and is MISC. */
  isOtherType: boolean
  /** Whether it was of another scheme than BIO. */
  isOtherScheme: boolean
}

/**
 * Reads the labels of one file: BIO, BIOES or BILOU, as `B-PER`, `B_PER` or `PER-B`. None of these needs a guess, but the letter
 * must stand on one side in the whole file.
 *
 * @returns of a label what is wrong with it, or itself as it is used.
 */
export function labelReader(types?: readonly string[]): (text: string) => ReadLabel | Wrong {
  let side: 'before' | 'after' | undefined
  return text => {
    if (text === 'O') return { label: text, isOtherType: false, isOtherScheme: false }
    const [, letter, sign, type] = PREFIXED.exec(text) ?? []
    const [, typeBefore, letterAfter] = SUFFIXED.exec(text) ?? []
    const isBio = /^[BI]$/.test(letter ?? '') && sign === '-'
    const isEither = letter !== undefined && letterAfter !== undefined
    const found = !isEither || isBio ? (letter ? 'before' : letterAfter ? 'after' : undefined) : side
    const taken = isEither && side !== undefined ? side : found
    if (taken === undefined || (side !== undefined && taken !== side)) {
      return {
        rule: isEither
          ? 'must have a label that can be read in one way'
          : side !== undefined && found !== undefined
            ? `must have labels with the letter ${side} the type, as those above`
            : 'must have a label O, B-TYPE or I-TYPE',
        received: quoted(text),
        fix: 'Convert the labels to the BIO scheme; BIOES and BILOU are read as they are.',
      }
    }
    side = taken
    const [read, own] = taken === 'before' ? [letter!, type!] : [letterAfter!, typeBefore!]
    const used = readType(own, types)
    if (typeof used !== 'string') return used
    const label = `${IN_BIO.get(read)}-${used}`
    return {
      label,
      isOtherType: used !== own,
      isOtherScheme: `${read}-${own}` !== text || !/[BI]/.test(read),
    }
  }
}

/** A wrong label as a report shows it: of another scheme it is shown, anything else may be a word of the post. */
export const shownLabel = (label: string): string =>
  /^[A-Z]([-_]\S{1,20})?$/.test(label) ? `the label ${label}` : 'no label'
