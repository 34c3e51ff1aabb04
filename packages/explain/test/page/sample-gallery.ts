import type { ErrorGallery, Explanation, GalleryEntity, GalleryMatch, GalleryPost } from '../../src'
import { SAMPLES } from './sample-explanations'

/** An entity of a text: its words, its type, its score where it has one. */
export function entity({ text }: Explanation, words: string, type: string, score: number | null = null) {
  const start = text.indexOf(words)
  return { text: words, type, start, end: start + words.length, score } satisfies GalleryEntity
}

const { pictured, textOnly, rightToLeft, chinese } = SAMPLES

const post = (id: string, explanation: Explanation, ...matches: GalleryMatch[]): GalleryPost => ({
  ...{ id, explanation, matches },
})

/** Errors of every kind but one, in texts of two directions and of Chinese, with and without pictures. */
export const GALLERY: ErrorGallery = {
  about: 'model on the split test of data, by the strict rule.',
  classes: [
    { name: 'type', title: 'type', meaning: 'same borders, another type', count: 7 },
    { name: 'boundary', title: 'boundary', meaning: 'same type, other borders', count: 4 },
    { name: 'boundaryAndType', title: 'boundary and type', meaning: 'both', count: 0 },
    { name: 'missed', title: 'missed', meaning: 'gold alone', count: 2 },
    { name: 'spurious', title: 'spurious', meaning: 'predicted alone', count: 3 },
  ],
  scored: 90,
  wrong: 12,
  posts: [
    post(
      'first',
      pictured,
      {
        class: 'correct',
        gold: entity(pictured, 'Velvagon Works', 'ORG'),
        predicted: entity(pictured, 'Velvagon Works', 'ORG', 0.862),
      },
      {
        class: 'type',
        gold: entity(pictured, 'Jordan', 'PER'),
        predicted: entity(pictured, 'Jordan', 'MISC', 0.931),
      },
    ),
    post(
      'second',
      textOnly,
      { class: 'missed', gold: entity(textOnly, 'moved', 'MISC'), predicted: null },
      { class: 'spurious', gold: null, predicted: entity(textOnly, 'Lima', 'LOC', 0.91) },
    ),
    post('third', rightToLeft, {
      class: 'boundary',
      gold: entity(rightToLeft, 'Lovelace', 'PER'),
      predicted: entity(rightToLeft, 'Ada Lovelace', 'PER', 0.94),
    }),
    post('fourth', chinese, {
      class: 'type',
      gold: entity(chinese, '约旦', 'LOC'),
      predicted: entity(chinese, '约旦', 'MISC', 0.66),
    }),
  ],
}
