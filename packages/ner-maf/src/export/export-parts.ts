import type { OpenedModel } from '@mafjs/compile'
import type { WordTokenizer } from '@mafjs/encoders'
import type { TaggingModel } from '../task/decode-posts'
import type { MafProgram } from '../task/maf-program'
import type { ExportConfig } from './export-config'
import { graphPictures, graphProgram, outputsToTag } from './graph-feeds'

/** What tags posts with an exported model. */
export interface ExportParts {
  config: ExportConfig
  model: TaggingModel
  tokenizer: WordTokenizer
  program: MafProgram
  /** Gives the maps that the graph carries, too; the same session. */
  explaining: MafProgram
  /** Whether it has a place for one picture of each post, as exports once had. */
  single: boolean
}

/** An exported model of what its files hold, whoever has read them: the same in Node and in a page. */
export function exportParts(
  config: ExportConfig,
  tokenizer: WordTokenizer,
  opened: Pick<OpenedModel, 'run' | 'dispose'>,
): ExportParts {
  const { labels, crf, inputs, outputs } = config
  const pictures = graphPictures(inputs, config.pictures?.size)
  return {
    config,
    model: { config: config.model, parts: { crf: { labels, ...crf } } },
    tokenizer,
    program: graphProgram(opened, pictures, outputsToTag(outputs)),
    explaining: graphProgram(opened, pictures),
    single: pictures?.single ?? false,
  }
}
