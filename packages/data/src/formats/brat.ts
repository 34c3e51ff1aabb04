import { asText } from '@mafjs/tensor/json'
import { quoted } from '../posts/data-error'
import { isInvisible } from '../posts/invisible'
import { isObject, recordFormat } from './records'
import { refuse } from './refused'

/** What begins the lines of a document that are no entity, and what they are. */
const OTHERS = new Map(
  Object.entries({
    R: 'relations',
    '*': 'equivalences',
    A: 'attributes',
    M: 'attributes',
    N: 'normalizations',
    '#': 'notes',
  }),
)

const ENTITY = /^T\S*\t(\S+) ((?:\d+ \d+;)*\d+ \d+)(?:\t(.*))?$/s

/** An entity: its pieces are one where only white space is between them, as where it goes on in the next line. */
function readEntity(line: string, number: number, signs: readonly string[]): object {
  const [, type, places, own] = ENTITY.exec(line) ?? []
  if (type === undefined || places === undefined) {
    return refuse(
      'must have lines of brat in its .ann',
      `line ${number}, ${quoted(line)}`,
      'Write ID, tab, type, start and end, tab, text.',
    )
  }
  const pieces = places.split(';').map(piece => piece.split(' ').map(Number) as [number, number])
  const textOf = (start: number, end: number): string => signs.slice(start, end).join('')
  if (pieces.some(([start], at) => at > 0 && !isInvisible(textOf(pieces[at - 1]![1], start)))) {
    refuse(
      'must have entities in one piece',
      `line ${number}, a discontinuous ${type} (${places})`,
      'Mark one piece, or each as an entity of its own.',
    )
  }
  const [start, end] = [pieces[0]![0], pieces.at(-1)![1]]
  // A line break in an entity is a space in its own text.
  const flat = (text: string): string => text.replace(/\s+/g, ' ')
  const isThere = own === undefined || flat(own) === flat(textOf(start, end))
  return { type, start, end, ...(!isThere && { text: own }) }
}

/** A document of brat's standoff: a text, and beside it the lines of its annotations. Offsets count code points. */
export const brat = recordFormat({
  name: 'brat',
  isRecord: value => isObject(value) && typeof value['ann'] === 'string' && typeof value['text'] === 'string',
  read({ ann, ...fields }, { leave }) {
    const lines = asText(ann)
      .split('\n')
      .map(line => line.replace(/\r$/, ''))
    const triggers = new Set(lines.flatMap(line => /^E\S*\t\S+?:(\S+)/.exec(line)?.[1] ?? []))
    const signs = [...asText(fields['text'])]
    const entities = lines.flatMap((line, at) => {
      const other = OTHERS.get(line[0] ?? '')
      if (other !== undefined) leave('not-carried', other)
      if (line.startsWith('E')) leave('not-carried', 'events with their triggers')
      const isTrigger = triggers.has(line.split('\t', 1)[0]!)
      if (line.trim() === '' || other !== undefined || line.startsWith('E') || isTrigger) return []
      return [readEntity(line, at + 1, signs)]
    })
    return { fields: { ...fields, entities }, offsets: 'codepoints' }
  },
})
