import type { EngineOptions } from '@mafjs/compile/engine'
import type { LongTextOptions } from '@mafjs/data'
import { loadMaf } from '@mafjs/ner-maf'
import { Command } from 'commander'
import { type ExplainRunOptions, explainRun } from '../explain/explain-run'
import { remarksOf } from '../predict/remarks'
import { longTextsOption, windowOverlapOption } from './long-text-options'
import { modelOption, modelOrShipped } from './model-option'
import {
  backendOption,
  brokenPictureOption,
  engineOption,
  minScoreOption,
  shrinkOption,
  threadsOption,
} from './options'

interface ExplainCommandOptions
  extends EngineOptions,
    LongTextOptions,
    Omit<ExplainRunOptions, 'maf' | 'images'> {
  model?: string
  image?: string[]
  shrinkOnLoad?: true
}

/** `ner-maf explain` */
export function explainCommand(): Command {
  return new Command('explain')
    .addOption(modelOption())
    .requiredOption('--text <text>', 'the post')
    .option('--image <files...>', 'its picture, or several')
    .requiredOption('--out <file>', 'the page, an .html file; its numbers go into a .json file beside it')
    .option('--overwrite', 'replace a page that is there already', false)
    .option('--other-image <file>', 'another picture: what would it change?')
    .option(
      '--no-occlusion',
      'do not hide the regions of the picture one by one, which reads the post once for each',
    )
    .addOption(minScoreOption())
    .addOption(brokenPictureOption())
    .addOption(shrinkOption())
    .addOption(longTextsOption())
    .addOption(windowOverlapOption())
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .action(async (options: ExplainCommandOptions) => {
      const { model: named, image: images = [], engine, backend, threads, ...others } = options
      const { longTexts, windowOverlap, shrinkOnLoad, ...run } = others
      const model = await modelOrShipped(named)
      const maf = await loadMaf(model, { engine, backend, threads, longTexts, windowOverlap, shrinkOnLoad })
      try {
        for (const line of remarksOf(maf, named === undefined ? model : undefined)) console.error(line)
        if (!maf.readsPictures && images.length > 0) {
          console.error('The model is text only: the picture is not used.')
        }
        const { page, json, bytes, notShown } = await explainRun({ ...run, maf, images })
        for (const name of notShown)
          console.error(`The page has only the map of ${name}: it cannot be shown.`)
        console.error(`Page written to ${page} (${Math.ceil(bytes / 1000)} kB), its numbers to ${json}`)
      } finally {
        await maf.dispose()
      }
    })
}
