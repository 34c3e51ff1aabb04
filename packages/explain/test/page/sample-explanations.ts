import type { ExplainedEntity, ExplainedPicture, ExplainedWord, Explanation } from '../../src'

const LABELS = ['O', 'B-LOC', 'I-LOC', 'B-MISC', 'I-MISC', 'B-ORG', 'I-ORG', 'B-PER', 'I-PER']

/** Numbers that look like a model's and are the same every time. */
function draws(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}

const shares = (values: number[]): number[] => {
  const total = values.reduce((sum, value) => sum + value, 0)
  return values.map(value => value / total)
}

/** What a sample post is. */
export interface Sample {
  text: string
  /** Its entities: the words, and their type. */
  entities?: readonly (readonly [text: string, type: string, score: number])[]
  pictures?: readonly ExplainedPicture[]
  /** How the text becomes words. @default at white space */
  words?: RegExp
  heads?: number
  labels?: readonly string[]
}

/** A picture that the model saw the middle of. */
export const picture = (name: string, width = 640, height = 400, rows = 4, columns = 5): ExplainedPicture => {
  const side = Math.min(width, height)
  const [w, h] = [side / width, side / height]
  return {
    name,
    width,
    height,
    rows,
    columns,
    seen: { left: (1 - w) / 2, top: (1 - h) / 2, width: w, height: h },
  }
}

/** An address of a picture that is drawn, upright. */
export const drawn = (colour: string): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5"><rect width="8" height="5" fill="${colour}"/><circle cx="5" cy="2" r="1.2" fill="#fff"/></svg>`)}`

/** An explanation of a post that no model has read, with all that an explanation may have. */
export function sample({
  text,
  entities: named = [],
  pictures = [],
  words: pattern = /\S+/g,
  heads = 4,
  labels = LABELS,
}: Sample): Explanation {
  const draw = draws(text.length + 7)
  const regions = pictures.reduce((sum, { rows, columns }) => sum + rows * columns, 0)
  const map = (): number[] => shares(Array.from({ length: regions }, () => draw() ** 6 + 0.01))
  const entities = named.map(([name, type, score]): ExplainedEntity => {
    const start = text.indexOf(name)
    return { type, text: name, start, end: start + name.length, score }
  })
  const words = [...text.matchAll(pattern)].map(({ 0: word, index: start }): ExplainedWord => {
    const end = start + word.length
    const entity = entities.find(one => one.start <= start && start < one.end)
    const label = entity ? `${entity.start === start ? 'B' : 'I'}-${entity.type}` : 'O'
    const sure = 0.55 + 0.4 * draw()
    const rest = shares(labels.map(name => (name === label ? 0 : draw() ** 4)))
    const quarter = 0.1 + 0.5 * draw()
    return {
      ...{ text: word, start, end, label },
      probabilities: labels.map((name, i) => (name === label ? sure : rest[i]! * (1 - sure))),
      gate:
        regions > 0
          ? {
              mean: quarter + 0.12,
              quantiles: [quarter / 3, quarter, quarter + 0.1, quarter + 0.2, quarter + 0.35],
            }
          : null,
      attention: regions > 0 ? { mean: map(), heads: Array.from({ length: heads }, map) } : null,
      occlusion: regions > 0 ? map().map((value, i) => value - (i % 5 === 0 ? 0.08 : 0.01)) : null,
    }
  })
  const [first] = entities
  return {
    ...{ text, entities, words, labels: [...labels], pictures: [...pictures] },
    match: regions > 0 ? 0.87 : null,
    cutWords: 0,
    whatIf:
      regions > 0 && first
        ? [
            {
              ...{ picture: 'none', pictures: [], match: null },
              entities: [{ ...first, type: 'LOC', score: 0.58 }],
              changes: [{ kind: 'type', before: first, after: { ...first, type: 'LOC', score: 0.58 } }],
            },
            {
              ...{ picture: 'other', pictures: [picture('beach.png')], match: 0.04 },
              entities: [{ ...first, score: first.score - 0.21 }],
              changes: [{ kind: 'score', before: first, after: { ...first, score: first.score - 0.21 } }],
            },
          ]
        : [],
    notes: regions > 0 ? [] : ['The model is text only: it has no gate, no match and no maps.'],
  }
}

export const SAMPLES = {
  pictured: sample({
    text: 'Jordan sleeps again beside the Velvagon Works 🎉 https://t.co/abc #love',
    entities: [
      ['Jordan', 'MISC', 0.931],
      ['Velvagon Works', 'ORG', 0.862],
    ],
    pictures: [picture('images/jordan.jpg')],
  }),
  textOnly: sample({
    text: 'Kevin moved from Oslo to Lima .',
    entities: [
      ['Kevin', 'PER', 0.99],
      ['Oslo', 'LOC', 0.97],
      ['Lima', 'LOC', 0.91],
    ],
  }),
  rightToLeft: sample({
    text: 'ביקרנו את Ada Lovelace בירושלים, ואכלנו ב-New York Bagels אתמול',
    entities: [
      ['Ada Lovelace', 'PER', 0.94],
      ['בירושלים,', 'LOC', 0.9],
    ],
    pictures: [picture('תמונה.png', 400, 640)],
  }),
  chinese: sample({
    text: '昨天王小明在北京大学旁边看到一只叫约旦的猫。',
    words: /\p{L}|[^\s]/gu,
    entities: [
      ['王小明', 'PER', 0.95],
      ['北京大学', 'ORG', 0.71],
      ['约旦', 'MISC', 0.66],
    ],
    pictures: [picture('猫.png'), picture('大学.png', 500, 500)],
  }),
} satisfies Record<string, Explanation>
