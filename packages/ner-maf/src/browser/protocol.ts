import type { Explanation } from '@mafjs/explain'
import type { Annotation } from '../predict/annotation'
import type { PageOptions } from './page-options'

// What a page and its worker say to each other.

/** A picture as it is sent: what it is called in answers, and what it is decoded from. */
export interface SentPicture {
  name: string
  source: Blob | object | { url: string }
}

/** A post as it is sent. */
export interface SentPost {
  text: string
  tokens?: readonly string[] | undefined
  pictures: SentPicture[]
}

/** How a post is annotated or explained, without what stays in the page. */
export interface SentOptions {
  minScore?: number | undefined
  onBrokenPicture?: 'skip' | 'stop' | undefined
  withoutPicture?: boolean | undefined
  occlusion?: boolean | undefined
  otherPicture?: SentPicture | undefined
}

/** What of the options of loading is sent. */
export type SentLoad = Pick<PageOptions, 'device' | 'threads' | 'cache' | 'longTexts' | 'windowOverlap'> & {
  /** Where its files are: below an address, or the files themselves. */
  model: string | Readonly<Record<string, Blob>>
  /** Where ONNX Runtime's files are. */
  runtime?: string | undefined
  pixelLimit?: number | undefined
}

/** The calls, and what each gives. */
export interface Calls {
  load(given: SentLoad): Promise<LoadedInPage>
  annotate(post: SentPost, options: SentOptions): Promise<Annotation>
  explain(post: SentPost, options: SentOptions): Promise<Explanation>
  dispose(): Promise<void>
}

/** What a page is told of a model that was loaded. */
export interface LoadedInPage {
  types: readonly string[]
  readsPictures: boolean
  device: 'webgpu' | 'wasm'
  threads: number
  notes: string[]
}

/** How far a download is. */
export interface DownloadProgress {
  /** Its name. */
  file: string
  /** Bytes that have come. */
  loaded: number
  /** Bytes of all of it, where the server says. */
  total?: number | undefined
  /** Whether it was kept by an earlier visit: nothing was downloaded. */
  fromCache: boolean
}

/** From the page to its worker. */
export type Request =
  | { id: number; call: keyof Calls; given: readonly unknown[] }
  | { id: number; abort: true }

/** What is left of an error on its way. */
export interface SentError {
  name: string
  message: string
  picture?: string | undefined
  fault?: string | undefined
}

/** From the worker to its page. */
export type Reply =
  | { id: number; progress: DownloadProgress }
  | { id: number; result: unknown }
  | { id: number; error: SentError }
