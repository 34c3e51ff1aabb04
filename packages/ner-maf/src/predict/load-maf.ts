import { type Engine, type EngineOptions, threadsOf, useEngine } from '@mafjs/compile/engine'
import {
  batchPictures,
  createLimit,
  type LongTextOptions,
  type Post,
  picturesAtOnce,
  windowOverlapOf,
} from '@mafjs/data'
import { rowEncoder } from '@mafjs/data/features'
import { preparationOf } from '@mafjs/encoders'
import { createLifetime } from '@mafjs/tensor/lifetime'
import { untilAborted } from '@mafjs/train'
import type { Preprocessing } from '../checkpoint/checkpoint'
import type { LoadCheckpointOptions } from '../checkpoint/load-checkpoint'
import { openPredictor } from '../export/open-predictor'
import { frozenEncoder } from '../features/model-pictures'
import type { BatchPictures, PictureReader } from '../model/batch-arrays'
import { tag } from '../task/tag'
import { annotateInBatches } from './annotate-in-batches'
import {
  type AnnotateOptions,
  type Annotation,
  type AnnotationResult,
  assertAnnotateOptions,
  type PostInput,
} from './annotation'
import { type PreparedPost, preparePost } from './prepare-post'

/** A trained model, ready for posts. */
export interface MafAnnotator {
  /**
   * Annotates one post.
   *
   * @param options - `signal`: when it is aborted, the call rejects at once; what ONNX Runtime computes then cannot be
   * interrupted and ends in the background.
   * @throws InvalidArgumentError or PictureError for a post that cannot be read, an option out of range, or a model that was
   * disposed
   * @throws the reason of a signal that is aborted
   */
  annotate(post: PostInput, options?: AnnotateOptions): Promise<Annotation>
  /**
   * Annotates a stream in batches; the next posts are taken only when the results of the last are. A post that cannot be
   * read gives a result with its error and the stream goes on.
   *
   * @param options - `batchSize`: how many posts are computed together; 16 by default. `signal`: when it is aborted, the
   * next result is its reason.
   * @throws InvalidArgumentError for a batch size that is no positive whole number, or a model that was disposed: after the
   * results of the batch that was computed then
   * @throws the reason of a signal that is aborted
   */
  annotateMany<Post extends PostInput>(
    posts: AsyncIterable<Post> | Iterable<Post>,
    options?: AnnotateOptions & { batchSize?: number | undefined },
  ): AsyncGenerator<AnnotationResult<Post>>
  /** Entity types the model knows. */
  readonly types: readonly string[]
  /** Whether the model reads pictures; a text-only model leaves those of the posts alone. */
  readonly readsPictures: boolean
  /** Tensors of the checkpoint that the model has no place for; they change nothing. */
  readonly extraTensors: readonly string[]
  /** What computes. */
  readonly engine: Engine
  /** Sentences for a person: which form of the model runs, where there is a choice. */
  readonly notes: readonly string[]
  /** Frees the model after the calls under way, which end well; later ones are refused. A second one waits for the first. */
  dispose(): Promise<void>
}

/** How a trained model is loaded. */
export interface LoadMafOptions extends EngineOptions, LongTextOptions, LoadCheckpointOptions {
  /** Whether texts longer than the model reads are read in windows or cut. @default as the model was trained */
  longTexts?: LongTextOptions['longTexts'] | undefined
}

/**
 * Loads a trained model for prediction. On the engine onnx a checkpoint with an export of itself in its folder `onnx` runs as that
 * export.
 *
 * @param name a checkpoint folder, what `ner-maf export` wrote, an installed package with a model, or a name on the hub
 * @param options which engine computes, and how. @default ONNX Runtime where it is installed, long texts as in training
 * @throws InvalidArgumentError for a folder that is neither whole, or an engine that cannot be had.
 */
export async function loadMaf(name: string, options: LoadMafOptions = {}): Promise<MafAnnotator> {
  const engine = await useEngine(options)
  const { model, config, extra, notes, single, ...opened } = await openPredictor(name, engine, options)
  const { preprocessing } = config
  const { pictureSize } = preprocessing
  const encoder =
    pictureSize === undefined
      ? undefined
      : frozenEncoder(model, preparationOf({ ...preprocessing, pictureSize }), engine)
  const dispose = async () => {
    await encoder?.dispose()
    await opened.dispose()
  }
  const windowOverlap = await overlapOf(options, preprocessing).catch(async error => {
    await dispose()
    throw error
  })
  const life = createLifetime({
    of: 'model',
    received: name,
    again: 'Load it again with loadMaf',
    end: dispose,
  })

  const limited = createLimit(picturesAtOnce(threadsOf(engine)))
  const prepare = (post: PostInput, { signal, onBrokenPicture }: AnnotateOptions): Promise<PreparedPost> =>
    limited(() => preparePost(post, preprocessing, { signal, single, onBrokenPicture }))

  const encodeRows = encoder && rowEncoder(encoder)
  /** Frozen encoders give the features that they give in training and evaluation, one picture after the other. */
  const picturesOf = async (rows: readonly Float32Array[][], signal?: AbortSignal): Promise<BatchPictures> =>
    encodeRows ? encodeRows(rows, signal) : batchPictures(rows, { size: pictureSize! })

  const annotatePrepared = async (
    posts: readonly PreparedPost[],
    { signal, minScore = 0 }: AnnotateOptions,
  ): Promise<Annotation[]> => {
    // A text without a word has nothing to tag, and a batch needs at least one word in each row.
    const worded = posts.filter(({ example }) => example.words.length > 0)
    const examples = worded.map(({ example }) => example)
    const prepared = new Map(worded.map(post => [post.example, post]))
    const load: PictureReader['load'] = posts =>
      picturesOf(
        posts.map(post => prepared.get(post as Post)!.pictures),
        signal,
      )
    const pictures = pictureSize === undefined ? undefined : { load }
    const tagged = await tag(examples, { ...opened, model, pictures, signal, windowOverlap })
    return posts.map(post => {
      const skipped = post.skipped.length > 0 && { skippedPictures: post.skipped }
      const result = tagged[worded.indexOf(post)]
      if (!result) return { entities: [], match: null, cutWords: 0, ...skipped }
      const sure = result.entities.filter(({ score }) => score >= minScore)
      const entities = sure.map(({ type, start, end, score }) => {
        const from = post.offsets[start]![0]
        const to = post.offsets[end - 1]![1]
        return { type, text: post.text.slice(from, to), start: from, end: to, score }
      })
      return { entities, match: result.match, cutWords: result.cutWords, ...skipped }
    })
  }

  return {
    types: model.config.types,
    readsPictures: pictureSize !== undefined,
    extraTensors: extra,
    engine,
    notes,
    annotate: async (post, options = {}) => {
      assertAnnotateOptions(options)
      return untilAborted([options.signal], () =>
        life.run(async () => (await annotatePrepared([await prepare(post, options)], options))[0]!),
      )
    },
    async *annotateMany(posts, { batchSize, ...options } = {}) {
      assertAnnotateOptions(options)
      yield* annotateInBatches(posts, {
        ...{ life, batchSize, signal: options.signal },
        prepare: post => prepare(post, options),
        annotatePrepared: posts => annotatePrepared(posts, options),
      })
    },
    dispose: life.dispose,
  }
}

/** What is refused is refused as a promise. */
const overlapOf = async (options: LongTextOptions, preprocessing: Preprocessing) =>
  windowOverlapOf(options, preprocessing)
