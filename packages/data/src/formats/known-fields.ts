import leven from 'leven'

/** The fields of a post in JSON. */
const FIELDS = [
  ...['id', 'text', 'tokens', 'labels', 'entities', 'label', 'image', 'images'],
  ...['labelledTypes', 'unlabelledTokens'],
]

/** Names that other programs have for some of them. */
const OTHER_NAMES = new Map<string, string>(
  Object.entries({
    ...{ img: 'image', pic: 'image', picture: 'image', photo: 'image' },
    ...{ imgs: 'images', pics: 'images', pictures: 'images', photos: 'images' },
    ...{ txt: 'text', sentence: 'text', tweet: 'text', content: 'text' },
    ...{ token: 'tokens', words: 'tokens' },
    ...{ tags: 'labels', nertags: 'labels', ner: 'labels' },
    ...{
      spans: 'entities',
      entity: 'entities',
      ents: 'entities',
      annotation: 'entities',
      annotations: 'entities',
    },
  }),
)

/** What names of files end with. */
const WORD_OF_A_FILE = /[_-]?(path|file|file_?name|name|url|src|id)s?$/i

/** The known field that a name is near to, if it is to one. */
export function nearField(name: string, known: readonly string[] = FIELDS): string | undefined {
  const plain = (text: string): string => text.replace(/[_\s-]/g, '').toLowerCase()
  const isNear = (text: string, field: string): boolean =>
    text === field || OTHER_NAMES.get(text) === field || (field.length > 4 && leven(text, field) === 1)
  const [whole, stem] = [plain(name), plain(name.replace(WORD_OF_A_FILE, ''))]
  return known.find(field => isNear(whole, field) || (field.startsWith('image') && isNear(stem, field)))
}

/** Fields of which one is enough. */
const ALIKE = [
  ['text', 'tokens'],
  ['labels', 'entities'],
  ['image', 'images'],
]

/**
 * The fields of a post that are not read.
 *
 * @returns by name, each with the field that is wanting and that it is near to, if there is one
 */
export function unknownFields(fields: object): Map<string, string | undefined> {
  const isThere = (field: string): boolean => Object.hasOwn(fields, field)
  const wanting = FIELDS.filter(
    field => !(ALIKE.find(names => names.includes(field)) ?? [field]).some(isThere),
  )
  const others = Object.keys(fields).filter(name => !FIELDS.some(field => field === name))
  return new Map(others.map(name => [name, nearField(name, wanting)]))
}
