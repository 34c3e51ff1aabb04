import { describeEngine, type EngineOptions } from '@mafjs/compile/engine'
import type { LongTextOptions } from '@mafjs/data'
import { loadMaf } from '@mafjs/ner-maf'
import { Command } from 'commander'
import { type ExplainRunOptions, explainRun } from '../explain/explain-run'
import { longTextsOption, windowOverlapOption } from './long-text-options'
import { modelOrShipped, SHIPPED_MODEL } from './model-option'
import {
  backendOption,
  brokenPictureOption,
  engineOption,
  number,
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
    .option(
      '--model <model>',
      `checkpoint folder, export, installed package, or a name on the hub; default ${SHIPPED_MODEL}, where it is installed`,
    )
    .requiredOption('--text <text>', 'the post')
    .option('--image <files...>', 'its picture, or several')
    .requiredOption('--out <file>', 'the page, an .html file; its numbers go into a .json file beside it')
    .option('--overwrite', 'replace a page that is there already', false)
    .option('--other-image <file>', 'another picture: what would it change?')
    .option(
      '--no-occlusion',
      'do not hide the regions of the picture one by one, which reads the post once for each',
    )
    .option('--min-score <score>', 'leave out entities whose score is lower, from 0 to 1', number(0, 1), 0)
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
        if (named === undefined) console.error(`No model was named: ${model}, for ${maf.types.join(', ')}.`)
        for (const line of [describeEngine(maf.engine), ...maf.notes]) console.error(line)
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
