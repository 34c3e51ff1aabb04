import { describeEngine } from '@mafjs/compile/engine'
import { brokenPictureLines, reportLines } from '@mafjs/data'
import { describeCounts, relativeError } from '@mafjs/data/features'
import { Presets, SingleBar } from 'cli-progress'
import { Command } from 'commander'
import { type FeaturesRunOptions, featuresRun } from '../features/features-run'
import { withFeatureCacheOptions } from './feature-cache-options'
import { withOnnxImageOptions } from './onnx-image-options'
import {
  backendOption,
  engineOption,
  shrinkOption,
  strictOption,
  threadsOption,
  withPictureRule,
} from './options'
import { withReadingOptions } from './reading-options'

/** `ner-maf features` */
export function featuresCommand(): Command {
  const command = new Command('features')
    .requiredOption('--data <path>', 'a data folder, or one file')
    .requiredOption('--images <folder>', 'the pictures')
    .requiredOption('--image-encoder <file>', 'ResNet weights, a ViT or CLIP folder, or an .onnx file')
    .addOption(shrinkOption().default(false))
    .addOption(strictOption())
    .option('--json', 'print the counts as JSON', false)
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .action(runFeatures)
  return withReadingOptions(withFeatureCacheOptions(withOnnxImageOptions(command)))
}

/** How often a run writes a line where there is no terminal to draw a bar in, milliseconds. */
const LINE_INTERVAL = 10_000

/** A bar in a terminal, a line every ten seconds elsewhere. */
function createPictureProgress(stream = process.stderr) {
  const bar = stream.isTTY
    ? new SingleBar(
        { format: '{bar} {value}/{total} pictures | {eta_formatted} left', stream },
        Presets.shades_classic,
      )
    : undefined
  let lastLine = performance.now()
  return {
    onPicture(done: number, of: number): void {
      if (bar && done === 1) bar.start(of, 0)
      bar?.update(done)
      if (bar || performance.now() - lastLine < LINE_INTERVAL) return
      lastLine = performance.now()
      stream.write(`${done}/${of} pictures\n`)
    },
    stop: () => bar?.stop(),
  }
}

async function runFeatures({
  json,
  ...options
}: FeaturesRunOptions & { json: boolean; strict: boolean }): Promise<void> {
  const progress = createPictureProgress()
  try {
    const { counts, brokenPictures, engine } = await featuresRun({
      ...withPictureRule(options),
      onRead: (splits, notes) => {
        for (const line of [...splits.flatMap(reportLines), ...notes]) console.error(line)
      },
      onPicture: progress.onPicture,
      onNote: note => console.error(note),
    })
    progress.stop()
    for (const line of [describeEngine(engine), ...brokenPictureLines(brokenPictures)]) console.error(line)
    const { rounding, ...counted } = counts
    const changed = rounding && { largest: rounding.largest, rms: relativeError(rounding) }
    console.log(
      json
        ? JSON.stringify({ ...counted, ...(changed && { float16Error: changed }) }, null, 2)
        : describeCounts(counts),
    )
  } finally {
    progress.stop()
  }
}
