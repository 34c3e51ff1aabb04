import type { AnnotateOptions, loadMaf } from '@mafjs/ner-maf'

type LoadMafOptions = NonNullable<Parameters<typeof loadMaf>[1]>

import type { Job } from '../queue/job'

/** How large what clients send may be. */
export interface PostLimits {
  /** UTF-16 units of a text. */
  text: number
  /** Pictures of a post. */
  pictures: number
  /** Bytes of a picture file. */
  pictureBytes: number
  /** Bytes of a body, or of a line of a stream. */
  bodyBytes: number
}

/** What a worker is started with. */
export interface WorkerSetup extends Pick<AnnotateOptions, 'minScore' | 'onBrokenPicture'> {
  model: string
  load: LoadMafOptions
  limits: PostLimits
}

/** What a worker says of the model that it has loaded. */
export interface LoadedModel {
  /** Tells it from every other one. */
  digest: string
  types: string[]
  readsPictures: boolean
  engine: string
  notes: string[]
}

/** To a worker. */
export type ToWorker = { setup: WorkerSetup } | { batch: Job[] }
