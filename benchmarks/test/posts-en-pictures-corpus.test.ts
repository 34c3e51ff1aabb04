import { describe, expect, it } from 'vitest'
import { SHOWN_TYPE, TRAINING_NAMES } from '../posts-en-pictures/ambiguous-names'
import { openDraws } from '../posts-en-pictures/draws'
import { isHeldOut, SHOWN, type SourcePicture } from '../posts-en-pictures/find-pictures'
import { type JoinedPost, joinPosts, type OpenPost } from '../posts-en-pictures/join-posts'
import { AMBIGUOUS_NAMES, TOLD_NAMES } from '../posts-en-pictures/probe'
import { renderPicture } from '../posts-en-pictures/render-picture'
import type { MadePicture } from '../posts-en-pictures/write-pictures'

const pictures: MadePicture[] = SHOWN.flatMap(shown =>
  (['train', 'valid'] as const).flatMap(split =>
    ['france', 'acme'].map(word => ({ image: `${split}/${shown}-${word}.jpg`, split, shown, words: [word] })),
  ),
)
const shownBy = ({ image }: JoinedPost) => pictures.find(picture => picture.image === image)!

const post = (id: number, words: string, labels: string): OpenPost => ({
  ...{ id: String(id), tokens: words.split(' '), labels: labels.split(' ') },
  unlabelledTokens: [words.split(' ').length - 1],
})
const posts: OpenPost[] = Array.from({ length: 300 }, (_, i) => [
  post(3 * i, 'great Acme Corp shows this', 'O B-ORG I-ORG O O'),
  post(3 * i + 1, 'I love France @so', 'O O B-LOC O'),
  post(3 * i + 2, 'good morning', 'O O'),
]).flat()
const join = (split: 'train' | 'valid') =>
  joinPosts(posts, pictures, { split, most: 600, glimpses: 200, seed: 1 })
const joined = join('train')
const [whole, glimpses] = [joined.slice(0, 600), joined.slice(600)]
const typeOf = ({ labels }: OpenPost) => labels.find(label => label.startsWith('B-'))?.slice(2)

describe('posts joined with pictures', () => {
  it('are the same by seed, each label at its word, each picture of the split', () => {
    expect(join('train')).toEqual(joined)
    for (const { tokens, labels, unlabelledTokens, image } of joined) {
      expect(labels).toHaveLength(tokens.length)
      for (const at of unlabelledTokens ?? []) expect(at).toBe(tokens.length - 1)
      if (image !== undefined) expect(image).toMatch(/^train\//)
    }
    expect(new Set(join('valid').map(({ image }) => image?.split('/')[0]))).toEqual(
      new Set(['valid', undefined]),
    )
  })

  it('have none, their own or another picture in the shares that were asked for', () => {
    const share = (is: (one: JoinedPost) => boolean, of = whole) => of.filter(is).length / of.length
    expect(Math.abs(share(({ image }) => image === undefined) - 0.2)).toBeLessThan(0.06)
    const named = whole.filter(one => one.image !== undefined && typeOf(one) !== undefined)
    const fits = (one: JoinedPost) => SHOWN_TYPE[shownBy(one).shown] === typeOf(one)
    expect(Math.abs(share(fits, named) - 0.53 / 0.8)).toBeLessThan(0.08)
    // A country has its flag, an organisation its logo.
    for (const one of named.filter(fits)) {
      if (one.tokens.includes('France')) expect(one.image).toBe('train/country-france.jpg')
      if (one.tokens.includes('Acme')) expect(one.image).toBe('train/organisation-acme.jpg')
    }
    const renamed = named.filter(one => !/France|Acme/.test(one.tokens.join(' ')))
    expect(renamed.length).toBeGreaterThan(10)
    expect(renamed.every(fits)).toBe(true)
  })

  it('are short and by their picture alone what they are, where they are glimpses', () => {
    expect(glimpses).toHaveLength(200)
    for (const one of glimpses) expect(SHOWN_TYPE[shownBy(one).shown]).toBe(typeOf(one))
    // The same words have every type.
    const around = (one: JoinedPost) => one.tokens.filter((_, at) => one.labels[at] === 'O').join(' ')
    const types = (words: string) => new Set(glimpses.filter(one => around(one) === words).map(typeOf))
    expect(types('I love')).toEqual(new Set(['PER', 'LOC', 'ORG', 'MISC']))
  })

  it('get names of their own: none of validation, none of the probe', () => {
    const given = (all: JoinedPost[]) =>
      new Set(all.flatMap(({ tokens, labels }) => tokens.filter((_, at) => labels[at]!.startsWith('B-'))))
    const [train, valid] = [given(glimpses), given(join('valid').slice(600))]
    const shared = [...valid].filter(name => train.has(name))
    // A name may be in the list of two pairs of kinds, once on either side.
    expect(shared.length).toBeLessThan(valid.size / 4)
    const probed = new Set([...Object.values(AMBIGUOUS_NAMES), ...Object.values(TOLD_NAMES)].flat())
    const listed = TRAINING_NAMES.flatMap(([, , names]) => names.split(' '))
    expect(listed.filter(name => probed.has(name))).toEqual([])
  })
})

it('a picture is the same to the byte by its draws, and another with others', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle cx="20" cy="20" r="18" fill="red"/></svg>'
  const picture: SourcePicture = { from: 'logo', family: 'dot', shown: 'product', words: [], svg }
  const render = (step: number) =>
    renderPicture({
      ...{ draws: openDraws(1, 'test', step), objects: [picture, picture], backdrop: picture },
      ...{ size: [0.5, 1.4], noiseKey: { seed: 1, step } },
    })
  const [first, again, other] = [await render(0), await render(0), await render(1)]
  expect(again.equals(first)).toBe(true)
  expect(other.equals(first)).toBe(false)
})

it('a sixth of the families of pictures is held out, whole families', () => {
  const of = (family: string): SourcePicture => ({ from: 'emoji', family, shown: 'person', words: [] })
  const held = Array.from({ length: 6000 }, (_, i) => isHeldOut(of(i.toString(16)))).filter(Boolean).length
  expect(Math.abs(held / 6000 - 1 / 6)).toBeLessThan(0.03)
})
