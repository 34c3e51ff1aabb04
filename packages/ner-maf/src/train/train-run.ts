import { describeEngine, useEngine } from '@mafjs/compile/engine'
import {
  assertTrainable,
  type BrokenPicture,
  cutPosts,
  dividedPosts,
  goldLabels,
  type Post,
  readDataset,
  readingOf,
  unreadNotes,
  windowOverlapOf,
  windowRows,
} from '@mafjs/data'
import { assertFeatureOptions, describeCounts } from '@mafjs/data/features'
import { savedPreparation } from '@mafjs/encoders'
import { onnxImageOptionsOf } from '@mafjs/encoders/onnx'
import type { EvaluationReport } from '@mafjs/evaluate'
import { withLock } from '@mafjs/tensor/files'
import { type FitResult, fit, openRun } from '@mafjs/train'
import { CHECKPOINT_FOLDER, checkpointFormat } from '../checkpoint/checkpoint-folder'
import { type ModelPictures, openModelPictures } from '../features/model-pictures'
import { buildMaf } from '../model/build-maf'
import { withOwnParts } from '../model/own-parts'
import { defaultConfig, referenceConfig } from '../model/presets'
import { assertWiring } from '../model/wiring'
import { nerTask } from '../task/ner-task'
import { initialWeights } from './initial-weights'
import { loadEncoders } from './load-encoders'
import { runNotes } from './run-notes'
import { checkRunOptions, labelsOfRun } from './run-options'
import { brokenBefore, recordOf } from './run-record'
import { runWords } from './run-words'
import { startedFrom } from './started-from'
import type { TrainRunOptions, TrainRunReport } from './train-run-options'

/**
 * Trains a model on a data folder. `out` becomes the checkpoint folder of the best epoch so far, written at once, and holds
 * the run too: `run.json` (options, data, versions), `events.jsonl`, `last` (the state to go on from), and at the end
 * `report.md` with `curves.svg`, and `README.md`, the model's card.
 *
 * A run that ended early, even by a power cut, goes on with `resume`; on the same engine and threads it then ends with the
 * same bytes as one that was never interrupted.
 *
 * @throws InterruptedError where `signal` asked for it, after a checkpoint.
 * @throws InvalidArgumentError for data, encoders or an `out` that cannot be used or is in use: before any training.
 * @throws TrainingError when a loss or a gradient is not finite; the last good checkpoint stays.
 */
export function trainRun(options: TrainRunOptions): Promise<TrainRunReport> {
  return withLock(options.out, { command: 'ner-maf train' }, () => trainInto(options))
}

async function trainInto({
  data,
  images,
  textEncoder,
  init,
  randomTextEncoder = false,
  wordShapes = false,
  imageEncoder = 'none',
  trainImageEncoder = false,
  shrinkOnLoad = false,
  out,
  overwrite = false,
  resume = false,
  checkpointEvery,
  signal,
  preset = 'default',
  without = [],
  wiring,
  parts = {},
  dropout = 0.1,
  lossWeight = 0.62,
  splitter: wantedSplitter,
  maxLength: wantedLength,
  longTexts = preset === 'reference' ? 'cut' : 'window',
  windowOverlap: wantedOverlap,
  onBrokenPicture = 'skip',
  engine: wanted,
  backend,
  threads,
  worker,
  onEvent,
  onRead,
  onNote = () => {},
  featureCache,
  featureCacheSize,
  featureType,
  offsets,
  endInclusive,
  misplacedEntities,
  scheme,
  labelNames,
  column,
  wordColumn,
  ...settings
}: TrainRunOptions): Promise<TrainRunReport> {
  const reading = readingOf({
    ...{ offsets, endInclusive, misplacedEntities, scheme },
    ...{ labelNames, column, wordColumn },
  })
  const folder = { resume, overwrite, isLocked: true, argument: 'out' }
  // Refused before any work.
  await (await openRun(out, { ...folder, format: { kind: CHECKPOINT_FOLDER, files: () => ({}) } })).check()
  const started = await startedFrom({ textEncoder, init, randomTextEncoder })
  const { splitter = 'tweet', maxLength = 128 } = {
    ...started?.preprocessing,
    ...(wantedSplitter !== undefined && { splitter: wantedSplitter }),
    ...(wantedLength !== undefined && { maxLength: wantedLength }),
  }
  const complete = checkRunOptions({ preset, imageEncoder, splitter }, settings)
  assertWiring(wiring, preset)
  assertFeatureOptions({ featureCacheSize, featureType })
  const windowOverlap = windowOverlapOf({ longTexts, windowOverlap: wantedOverlap }, { maxLength })
  const ownParts = Object.entries(parts)
    .flatMap(([name, part]) => (part ? [name] : []))
    .sort()
  const choices = {
    ...{ data, images },
    ...(textEncoder !== undefined && { textEncoder }),
    ...(init !== undefined && { init }),
    ...{ randomTextEncoder, imageEncoder, trainImageEncoder, preset, without, wiring },
    ...(ownParts.length > 0 && { parts: ownParts }),
    ...(shrinkOnLoad && { shrinkOnLoad }),
    ...(wordShapes && { wordShapes }),
    ...{ dropout, lossWeight, splitter, maxLength, longTexts },
    ...(windowOverlap !== undefined && { windowOverlap }),
    strict: onBrokenPicture === 'stop',
    ...onnxImageOptionsOf(settings),
    ...reading,
    // Where features are kept changes nothing, their type does.
    ...(featureType !== 'float32' && { featureType }),
  }
  const engine = await useEngine({ engine: wanted, backend, threads, worker })
  const dataset = await readDataset({
    ...{ data, images, onBrokenPicture, splitter },
    ...reading,
    required: ['train'],
  })
  const train = dataset.train!.examples
  const valid = dataset.valid?.examples
  const test = dataset.test?.examples
  goldLabels(train)
  const { labels, types } = labelsOfRun(train, preset)
  assertTrainable({ train, valid, labels })
  if (test) goldLabels(test)
  const { text, image, tokenizer, notes } = await loadEncoders({
    textEncoder: textEncoder ?? started!,
    ...{ randomTextEncoder, wordShapes, imageEncoder, trainImageEncoder, shrinkOnLoad },
    onnxImage: onnxImageOptionsOf(settings),
    maxLength,
    summary: preset === 'reference' ? 'pooler' : 'cls',
    seed: complete.seed,
  })
  let dispose = (): void => {
    text.encoder.dispose()
    image?.encoder?.dispose()
  }
  let pictures: ModelPictures | undefined
  try {
    const shared = {
      ...{ textEncoder: text.config, imageEncoder: image?.config, imageSize: image?.channels },
      ...{ without, dropout, lossWeight, seed: complete.seed },
    }
    const config = withOwnParts(
      preset === 'reference'
        ? referenceConfig({ ...shared, labels, tokens: maxLength })
        : defaultConfig({ ...shared, types, ...wiring }),
      parts,
    )
    const onRun = [
      ...runNotes({ dataset, types: config.types, images, imageEncoder }),
      ...(await unreadNotes(data)),
    ]
    const start =
      init === undefined ? undefined : await initialWeights(init, { config, tokenizer: tokenizer.definition })
    const onStart = start?.notes ?? []
    onRead?.(Object.values(dataset), [describeEngine(engine), ...onRun, ...notes, ...onStart])
    const model = buildMaf(config, {
      textEncoder: text.encoder,
      imageEncoder: image?.encoder,
      onnxImage: image?.onnxImage,
      parts,
    })
    dispose = model.dispose
    const rowsOf = (posts: readonly Post[]) => windowRows(posts, { config, tokenizer, windowOverlap })
    const [rows, validRows, testRows] = [rowsOf(train), valid && rowsOf(valid), test && rowsOf(test)]
    const brokenPictures = (): BrokenPicture[] => pictures?.broken() ?? []
    const reportOf = ({ test, ...result }: FitResult<EvaluationReport>): TrainRunReport => ({
      validation: result.validation,
      test,
      training: {
        ...result,
        cut: cutPosts(rows),
        windows: { posts: dividedPosts(rows), examples: rows.length },
      },
      brokenPictures: brokenPictures(),
    })
    const preprocessing = {
      ...{ splitter, maxLength, ...(windowOverlap !== undefined && { windowOverlap }) },
      ...(image && savedPreparation(image.preparation)),
    }
    const run = await openRun<EvaluationReport>(out, {
      ...folder,
      record: recordOf(choices, dataset),
      format: checkpointFormat({
        ...{ model: config, preprocessing, tokenizer: tokenizer.definition },
        onnxImage: image?.onnxImage?.model,
      }),
      keep: () => ({ brokenPictures: brokenPictures() }),
      words: runWords(reportOf, config.types),
    })
    pictures =
      image && images !== undefined
        ? await openModelPictures({
            ...{ model, engine, images, onBrokenPicture, onNote },
            ...{ featureCache, featureCacheSize, featureType },
            preparation: image.preparation,
            // What is trained is recorded for every shape: few of them, then.
            fill: true,
            broken: brokenBefore(await run.kept(), out),
          })
        : undefined
    const task = nerTask(model, { tokenizer, pictures, train: rows })
    const result = await fit(task, {
      ...{ engine, train: rows, valid: validRows, test: testRows, settings: complete },
      ...{ run, init: start?.init, checkpointEvery, onEvent, onNote, signal },
    })
    return reportOf(result)
  } finally {
    const counts = pictures?.counts()
    if (counts) onNote(describeCounts(counts))
    await pictures?.dispose()
    dispose()
  }
}
