import { type Engine, type EngineOptions, threadsOf, useEngine } from '@mafjs/compile/engine'
import {
  batchPictures,
  createLimit,
  decodePictures,
  type LongTextOptions,
  type PostInput,
  picturesAtOnce,
  windowOverlapOf,
} from '@mafjs/data'
import { rowEncoder } from '@mafjs/data/features'
import { loadPicture, preparationOf } from '@mafjs/encoders'
import type { Explanation } from '@mafjs/explain'
import { InvalidArgumentError } from '@mafjs/tensor'
import { createLifetime } from '@mafjs/tensor/lifetime'
import { mapWindows, type StreamOptions, untilAborted, type WindowEnds } from '@mafjs/train'
import type { Preprocessing } from '../checkpoint/checkpoint'
import { type OpenPredictorOptions, openPredictor } from '../export/open-predictor'
import { frozenEncoder } from '../features/model-pictures'
import { tag } from '../task/tag'
import { annotator } from './annotate-posts'
import {
  type AnnotateOptions,
  type Annotation,
  type AnnotationResult,
  assertAnnotateOptions,
} from './annotation'
import { assertExplainOptions, type ExplainOptions } from './explain-options'
import { type ExplainerParts, explainer } from './explain-post'

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
   * Annotates one post and says why: label probabilities, gates and attention of each word, and what another picture changes.
   * The first call makes a second program, which computes the maps.
   *
   * @param options what else is looked into: occlusion reads the post once for each region of its pictures
   * @throws as `annotate`; InvalidArgumentError for an option about pictures of a model of text alone too
   */
  explain(post: PostInput, options?: ExplainOptions): Promise<Explanation>
  /**
   * Annotates a stream in batches, its results in order. Posts of like length are computed together: the posts of a window, 8 batches,
   * are read before the first is answered, and at most two windows ahead of the results that are taken. A post that cannot be read
   * gives a result with its error and the stream goes on.
   *
   * @param options - `batchSize`: how many posts are computed together; 16 by default, and 1 answers each at once. `endsWindow`: after
   * which posts all that was read is answered. `signal`: when it is
   * aborted, the next result is its reason.
   * @throws InvalidArgumentError for a batch size that is no positive whole number, a window smaller than a batch, or a model that was
   * disposed: after the results that were computed then
   * @throws the reason of a signal that is aborted
   */
  annotateMany<Post extends PostInput>(
    posts: AsyncIterable<Post> | Iterable<Post>,
    options?: AnnotateOptions & StreamOptions & WindowEnds<Post>,
  ): AsyncGenerator<AnnotationResult<Post>>
  /** SHA-256 that tells the model from every other one, and each of its exports from it. */
  readonly digest: string
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
export interface LoadMafOptions extends EngineOptions, LongTextOptions, OpenPredictorOptions {
  /** Whether texts longer than the model reads are read in windows or cut. @default as the model was trained */
  longTexts?: LongTextOptions['longTexts'] | undefined
  /**
   * Decodes JPEGs in a half, a quarter or an eighth of their size where that leaves as many pixels as the model reads, which is faster
   * and gives other numbers than those it was trained on.
   * @default as the model was trained
   */
  shrinkOnLoad?: boolean | undefined
  /** The most pixels a picture may have; a larger one is refused before it is decoded. @default PIXEL_LIMIT of `@mafjs/encoders` */
  pixelLimit?: number | undefined
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
  const { model, config, extra, notes, single, digest, ...opened } = await openPredictor(
    name,
    engine,
    options,
  )
  const { preprocessing } = config
  const { pictureSize } = preprocessing
  const preparation = pictureSize === undefined ? undefined : preparationOf({ ...preprocessing, pictureSize })
  if (options.shrinkOnLoad && !preparation) {
    await opened.dispose()
    throw new InvalidArgumentError({
      argument: 'shrinkOnLoad',
      rule: 'must be left out of a model of text alone: no picture is read',
      received: true,
    })
  }
  if (preparation && options.shrinkOnLoad) preparation.shrinkOnLoad = true
  const decoding = { ...preparation, pixelLimit: options.pixelLimit }
  const encoder = preparation && frozenEncoder(model, preparation, engine)
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
  const encodeRows = encoder && rowEncoder(encoder)
  const parts: ExplainerParts = {
    ...{ preprocessing, single, preparation, config: model.config, explaining: opened.explaining },
    tag: (posts, options) => tag(posts, { ...opened, model, windowOverlap, ...options }),
    decode: (post, options) =>
      limited(() => decodePictures(post, picture => loadPicture(picture, decoding), options)),
    // Frozen encoders give the features that they give in training and evaluation, one picture after the other.
    picturesOf: async (rows, signal) =>
      encodeRows ? encodeRows(rows, signal) : batchPictures(rows, { size: pictureSize! }),
  }
  const annotateAll = annotator(parts)
  const explain = explainer(parts)

  return {
    digest,
    types: model.config.types,
    readsPictures: pictureSize !== undefined,
    extraTensors: extra,
    engine,
    notes,
    annotate: async (post, options = {}) => {
      assertAnnotateOptions(options)
      return untilAborted([options.signal], () =>
        life.run(async () => {
          const [said] = await annotateAll([post], options)
          if (said instanceof Error) throw said
          return said!
        }),
      )
    },
    explain: async (post, options = {}) => {
      assertExplainOptions(options, preparation !== undefined)
      return untilAborted([options.signal], () => life.run(() => explain(post, options)))
    },
    async *annotateMany(posts, { batchSize, window, endsWindow, signal, ...options } = {}) {
      assertAnnotateOptions(options)
      yield* mapWindows(posts, { life, batchSize, window, endsWindow, signal }, async (posts, batch) =>
        (await annotateAll(posts, { ...options, ...batch })).map((said, i) => ({
          post: posts[i]!,
          ...(said instanceof Error ? { error: said } : { annotation: said }),
        })),
      )
    },
    dispose: life.dispose,
  }
}

/** What is refused is refused as a promise. */
const overlapOf = async (options: LongTextOptions, preprocessing: Preprocessing) =>
  windowOverlapOf(options, preprocessing)
