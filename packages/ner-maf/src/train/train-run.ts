import { saveCheckpoint } from '../checkpoint/save-checkpoint'
import { updateMetrics } from '../checkpoint/update-metrics'
import { assertWritableFolder } from '../checkpoint/write-folder'
import { readDataset, type Split, type SplitterName } from '../data'
import { createRunner } from '../engine/create-runner'
import { describeEngine, type EngineOptions, useEngine } from '../engine/use-engine'
import { type EvaluationReport, evaluateLabels, goldLabels } from '../evaluate'
import { buildMaf } from '../model/build-maf'
import { type AblatedModule, defaultConfig, referenceConfig } from '../model/presets'
import { pictureLoader } from '../predict/picture-loader'
import { tagInBatches } from '../predict/tag-in-batches'
import { assertTrainable } from './check-examples'
import type { TrainingEvent } from './events'
import { loadEncoders } from './load-encoders'
import { runNotes } from './run-notes'
import { checkRunOptions, labelsOfRun } from './run-options'
import type { CompleteSettings, TrainingSettings } from './settings'
import { type TrainingResult, trainMaf } from './train-maf'

/** A run from a data folder to a checkpoint folder. */
export interface TrainRunOptions extends TrainingSettings, EngineOptions {
  /** Folder with train, valid and test files. */
  data: string
  /** Folder of the pictures; left out, every post counts as one without a picture. */
  images?: string
  /** A BERT checkpoint: a folder, or a name on the hub. */
  textEncoder: string
  /** Starts the text encoder from random weights; its folder then needs only `config.json` and a tokenizer. */
  randomTextEncoder?: boolean
  /** A ResNet's weights with torchvision's names, or `none` for a text-only model. @default 'none' */
  imageEncoder?: string
  /** The checkpoint folder to be written. */
  out: string
  /** Replaces an existing checkpoint folder. @default false */
  overwrite?: boolean
  /**
   * `default`: the paper with the faults of the published code mended; `reference`: what the published code does, its
   * optimiser included unless another is asked for.
   * @default 'default'
   */
  preset?: 'default' | 'reference'
  /** Modules left out, as ablations. @default none */
  without?: readonly AblatedModule[]
  /** How texts are split into words when the model is used. @default 'tweet' */
  splitter?: SplitterName
  /** Longest sequence of word pieces. @default 128 */
  maxLength?: number
  /** A missing or broken picture stops the run. @default false */
  strict?: boolean
  onEvent?: (event: TrainingEvent) => void
  /** Called once with what was read, before training starts. */
  onRead?: (splits: Split[], notes: string[]) => void
}

/** What a run leaves behind; also `metrics.json` of its folder. */
export interface TrainRunReport {
  validation?: EvaluationReport
  test?: EvaluationReport
  training: Omit<TrainingResult, 'settings'> & { settings: CompleteSettings }
  /** Pictures that could not be decoded, with the reason. */
  brokenPictures: { file: string; reason: string }[]
}

/**
 * Trains a model on a data folder and writes its checkpoint; every best epoch is written at once, so that a run that
 * fails later leaves the last good model.
 *
 * @throws InvalidArgumentError for data, encoders or an `out` that cannot be used: before any training.
 * @throws TrainingError when a loss or a gradient is not finite; the last good checkpoint stays.
 */
export async function trainRun({
  data,
  images,
  textEncoder,
  randomTextEncoder = false,
  imageEncoder = 'none',
  out,
  overwrite = false,
  preset = 'default',
  without,
  splitter = 'tweet',
  maxLength = 128,
  strict = false,
  engine: wanted,
  backend,
  threads,
  worker,
  onEvent,
  onRead,
  ...settings
}: TrainRunOptions): Promise<TrainRunReport> {
  const complete = checkRunOptions({ preset, imageEncoder, splitter }, settings)
  await assertWritableFolder(out, { overwrite })
  const engine = await useEngine({ engine: wanted, backend, threads, worker })
  const dataset = await readDataset({ data, images, strict, splitter, required: ['train'] })
  const train = dataset.train!.examples
  const valid = dataset.valid?.examples
  const test = dataset.test?.examples
  const { labels, types } = labelsOfRun(train, preset)
  assertTrainable({ train, valid, labels })
  const gold = test && goldLabels(test)
  const { text, image, tokenizer, notes } = await loadEncoders({
    textEncoder,
    randomTextEncoder,
    imageEncoder,
    maxLength,
    summary: preset === 'reference' ? 'pooler' : 'cls',
    seed: complete.seed,
  })
  let dispose = (): void => {
    text.encoder.dispose()
    image?.encoder.dispose()
  }
  try {
    const shared = {
      textEncoder: text.config,
      imageEncoder: image?.config,
      imageSize: image?.channels,
      without,
      seed: complete.seed,
    }
    const config =
      preset === 'reference'
        ? referenceConfig({ ...shared, labels, tokens: maxLength })
        : defaultConfig({ ...shared, types })
    const onRun = runNotes({ dataset, types: config.types, images, imageEncoder })
    onRead?.(Object.values(dataset), [describeEngine(engine), ...onRun, ...notes])
    const model = buildMaf(config, { textEncoder: text.encoder, imageEncoder: image?.encoder })
    dispose = model.dispose
    const store =
      image && images !== undefined ? pictureLoader({ images, size: image.pictureSize, strict }) : undefined
    const preprocessing = { splitter, maxLength, pictureSize: image?.pictureSize }
    const content = { model: config, preprocessing, tokenizer: tokenizer.definition }
    let saved = false
    const training = await trainMaf({
      model,
      tokenizer,
      train,
      valid,
      loadPictures: store?.loadBatch,
      settings: complete,
      engine,
      onEvent,
      onBest: async (snapshot, epoch, validation) => {
        await saveCheckpoint(
          out,
          { ...content, snapshot, metrics: { epoch, validation }, training: { data, images, ...complete } },
          { overwrite: overwrite || saved },
        )
        saved = true
      },
    })
    const runner = createRunner(model, engine)
    const tagger = { model, runner, tokenizer, loadPictures: store?.loadBatch }
    const tagged = test && (await tagInBatches(test, tagger).finally(runner.dispose))
    const report: TrainRunReport = {
      validation: training.validation,
      test: gold && evaluateLabels({ gold, predicted: tagged!.map(post => post.labels) }),
      training,
      brokenPictures: store?.broken() ?? [],
    }
    await updateMetrics(out, report)
    return report
  } finally {
    dispose()
  }
}
