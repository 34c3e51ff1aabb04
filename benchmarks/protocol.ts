import type { CnnName } from './ours/cnn'
import type { ScalePoint } from './scale/points'

/** One thing a side can do, `preprocess` ours alone; what the fields mean stands at the rows of the race. */
export interface WorkSpec {
  kind:
    | 'train'
    | 'infer'
    | 'epoch'
    | 'contrastive'
    | 'crf'
    | 'cnn'
    | 'preprocess'
    | 'scale-train'
    | 'scale-predict'
  /** Stem of the file of batches. */
  inputs: string
  /** Preset of the model, or the `default` one without pictures; PyTorch has the reference and the text alone. @default 'reference' */
  model?: 'reference' | 'default' | 'text'
  /** Of an `epoch` of ours with pictures: whether their features are in the cache when it begins. */
  cache?: 'warm' | 'cold'
  /** How the contrastive loss is computed by PyTorch. @default 'vectorised' */
  variant?: 'loop' | 'vectorised'
  /** Of a `cnn`: which one, and how much of its training. */
  network?: CnnName
  part?: 'forward' | 'gradients' | 'step'
  /** Of `scale-train` and `scale-predict`. */
  scale?: ScalePoint
  temperature?: number
  textToImageWeight?: number
  /** Ours: the arithmetic of an exported model. @default 'fp32' */
  precision?: 'fp32' | 'int8'
  /** Ours: what a model is exported for before it answers. @default it is not exported */
  profile?: 'latency'
  /** PyTorch: everything in float64, as a yardstick for the rounding of both sides. @default false */
  double?: boolean
}

/** What a side's process runs under; each side knows its own names. */
export type Settings = Record<string, string | number>

/** What can be asked of a side's process, one JSON object a line; the answer is one line too. */
export interface Requests {
  about: { request: object; answer: SideDescription }
  /** Writes weights and inputs; ours alone can. */
  prepare: { request: PrepareRequest; answer: { notes: string[] } }
  /** Builds a work; a process loads one. */
  load: {
    request: { work: WorkSpec; folder: string; settings: Settings }
    answer: { ms: number; steps?: number }
  }
  /** Runs the work so many times; `cores` is the time of all processors together. */
  run: { request: { repeat: number }; answer: { ms: number[]; cores: number[]; eventLoop?: EventLoop } }
  /** Writes what the work computes, dropout off, as safetensors. */
  compare: { request: { to: string }; answer: { tensors: number } }
  /** The peak of resident memory since the start or the last reset. */
  peak: { request: { reset?: boolean }; answer: { bytes: number } }
}

/** Who a side is, for the report. */
export interface SideDescription {
  name: string
  [version: string]: string | boolean
}

/** How late timers of the process's own thread fired while it worked, milliseconds. */
export interface EventLoop {
  p99: number
  longest: number
}

/** What is to be written, and where. */
export interface PrepareRequest {
  folder: string
  size: 'full' | 'tiny'
  /** Folder of Twitter-2015's three files. */
  posts: string
  /** Folder of Twitter-2017's three files. */
  epochPosts: string
  /** File of bert-base-cased's vocabulary. */
  vocab: string
}

/** A failure on the other side. */
export interface Failure {
  error: string
}
