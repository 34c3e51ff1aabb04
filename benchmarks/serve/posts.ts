import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { type Annotation, loadMaf } from '@mafjs/ner-maf'
import { uniform } from '@mafjs/tensor'
import sharp from 'sharp'
import { SMALL_WORDS, writeSmallCheckpoint } from '../../packages/ner-maf/test/export/small-checkpoint'

/** A post, the body that asks for it, and what the model says of it. */
export interface KnownPost {
  body: string
  expected: Annotation
}

/** Scores are those of another batch: float32 sums of other lengths. */
const TOLERANCE = 1e-5

/** Writes a float model with pictures, small enough that the server is what is tried. */
export async function writeModel(folder: string): Promise<string> {
  await useBackend('cpu')
  const model = join(folder, 'model')
  await writeSmallCheckpoint(model)
  return model
}

/** Makes posts of 1 to 24 words, a quarter with a picture, some with markup, and asks `annotate` for each. */
export async function knownPosts(model: string, count: number): Promise<KnownPost[]> {
  const maf = await loadMaf(model, { threads: 1 })
  const drawn = uniform(count * 30, { seed: 19, site: 'serve' })
  const picture = await sharp({ create: { width: 60, height: 48, channels: 3, background: '#4a7' } })
    .jpeg()
    .toBuffer()
  const posts: KnownPost[] = []
  for (let i = 0; i < count; i++) {
    const at = (place: number): number => drawn[30 * i + place]!
    const words = Array.from(
      { length: 1 + Math.floor(24 * at(0)) },
      (_, place) => SMALL_WORDS[Math.floor(SMALL_WORDS.length * at(place + 2))]!,
    )
    const text = `${words.join(' ')}${at(1) < 0.1 ? ' <img src=x onerror=alert(1)>' : ''} ${i}`
    const image = at(1) > 0.75 ? picture : undefined
    posts.push({
      body: JSON.stringify({ text, image: image?.toString('base64') }),
      expected: await maf.annotate({ text, image }),
    })
  }
  await maf.dispose()
  return posts
}

/** Whether an answer is what `annotate` says: everything alike, scores up to 1e-5. */
export function isRight(answer: string, expected: Annotation): boolean {
  const said = JSON.parse(answer) as Annotation
  const near = (a: number | null, b: number | null): boolean =>
    a === null || b === null ? a === b : Math.abs(a - b) <= TOLERANCE
  const without = (annotation: Annotation): string =>
    JSON.stringify({
      ...annotation,
      match: null,
      entities: annotation.entities.map(entity => ({ ...entity, score: 0 })),
    })
  return (
    without(said) === without(expected) &&
    near(said.match, expected.match) &&
    said.entities.every(({ score }, i) => near(score, expected.entities[i]!.score))
  )
}
