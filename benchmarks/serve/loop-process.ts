import { type Annotation, loadMaf, type MafAnnotator } from '@mafjs/ner-maf'
import { answerParent } from '@mafjs/tensor/processes'
import { type Time, timed } from '../timing'
import type { AskedPost } from './asked-posts'

// What a server is compared with: a program that calls `annotate` for one post after the other. A process of its own, that nothing
// else computes in.

/** To this process. */
export type ToLoop = { model: string; threads: number; posts: AskedPost[] } | 'run' | 'annotations'

/** What comes back. */
export interface FromLoop extends Partial<Time> {
  annotations?: Annotation[]
  readsPictures?: boolean
}

let opened: { maf: MafAnnotator; posts: AskedPost[] } | undefined

answerParent<{ to: ToLoop }>(async ({ to }): Promise<FromLoop> => {
  if (typeof to === 'object') {
    const maf = await loadMaf(to.model, { engine: 'onnx', threads: to.threads })
    opened = { maf, posts: to.posts }
    return { readsPictures: maf.readsPictures }
  }
  const { maf, posts } = opened!
  const annotations: Annotation[] = []
  const time = await timed(async () => {
    for (const post of posts) annotations.push(await maf.annotate(post))
  })
  return to === 'run' ? time : { annotations }
})
