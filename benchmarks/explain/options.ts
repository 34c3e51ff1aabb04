import { parseArgs } from 'node:util'
import { createDemoCorpus, type DemoPost, encodePng } from '@mafjs/demo-corpus'

/** What both scripts are told. */
export interface ExplainBenchOptions {
  model: string
  /** How many posts. */
  posts: number
  threads: number
}

export function readOptions(posts: number): ExplainBenchOptions {
  const { values } = parseArgs({
    options: { model: { type: 'string' }, posts: { type: 'string' }, threads: { type: 'string' } },
  })
  if (!values.model) throw new Error('Give --model, such as the folder of a model that ner-maf demo trained.')
  return {
    model: values.model,
    posts: Number(values.posts ?? posts),
    threads: Number(values.threads ?? 2),
  }
}

/** Side of the demo's pictures, pixels. */
export const SIZE = 56

/** Posts of the demo's test split, which no model was trained on, with their pictures as PNG. */
export async function picturePosts(count: number): Promise<{ post: DemoPost; image: Uint8Array }[]> {
  const corpus = createDemoCorpus()
  const decided = corpus.test.filter(({ entities }) =>
    entities.some(({ decidedBy }) => decidedBy === 'picture'),
  )
  return Promise.all(
    decided.slice(0, count).map(async post => ({
      post,
      image: await encodePng((await corpus.pictures(post, SIZE))!, SIZE),
    })),
  )
}
