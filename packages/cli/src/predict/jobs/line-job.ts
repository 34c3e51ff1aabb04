import type { LoadMafOptions } from '@mafjs/ner-maf'
import type { AnnotateLinesOptions, LineSource } from '../annotate-lines'

/** The hidden command with which the command line starts itself to annotate lines. */
export const LINES_COMMAND = 'predict-worker'

/** Lines that follow each other. */
export interface LineJob extends LineSource {
  lines: Uint8Array[]
  first: number
}

/** What a process is started with. */
export interface LineWorkerSetup {
  model: string
  /** What is used since no model was named. */
  unnamed?: string | undefined
  load: LoadMafOptions
  options: Omit<AnnotateLinesOptions, keyof LineSource | 'lastOfChunks'>
}

/** What a process says of its model. */
export interface LoadedModel {
  readsPictures: boolean
  digest: string
  /** Sentences for a person. */
  remarks: string[]
}

/** To a process. */
export type ToLineWorker = { setup: LineWorkerSetup } | { job: LineJob }
