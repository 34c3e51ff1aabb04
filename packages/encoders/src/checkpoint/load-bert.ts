import { InvalidArgumentError } from '@mafjs/tensor'
import { type ResolveCheckpointOptions, resolveCheckpoint } from '../hub'
import type { CompleteBertConfig } from '../text/bert-config'
import { createBertEncoder, type TextEncoder } from '../text/bert-encoder'
import type { WordTokenizer } from '../tokenizer/word-tokenizer'
import { loadWeights } from '../weights'
import { assignWeights, type CheckpointReport } from './assign-weights'
import { toBertNames } from './bert-names'
import { findWeights } from './find-weights'
import { loadBertConfig } from './load-bert-config'
import { type LoadTokenizerOptions, loadTokenizer } from './load-tokenizer'

/** How a BERT checkpoint is loaded; dropouts default to the checkpoint's own. */
export interface LoadBertOptions
  extends LoadTokenizerOptions,
    Partial<Pick<CompleteBertConfig, 'summary' | 'hiddenDropout' | 'attentionDropout'>> {
  /** Where a name is looked up: revision, cache, endpoint, token. @default the hub as it is configured */
  hub?: ResolveCheckpointOptions
}

/** A pretrained BERT with its tokenizer. */
export interface LoadedBert {
  encoder: TextEncoder
  tokenizer: WordTokenizer
  report: CheckpointReport
}

/**
 * Loads a BERT checkpoint of Hugging Face's layout: `config.json`, `model.safetensors` or `pytorch_model.bin`, and
 * `tokenizer.json` or `vocab.txt`.
 *
 * @param nameOrFolder a folder, or a name on the hub such as `bert-base-cased`
 * @throws InvalidArgumentError for a missing or broken file, a model that is not BERT, and tensors that are missing or
 * misshaped: all of them are named.
 */
export async function loadBert(
  nameOrFolder: string,
  { summary = 'cls', hiddenDropout, attentionDropout, maxLength, lowercase, hub = {} }: LoadBertOptions = {},
): Promise<LoadedBert> {
  const folder = await resolveCheckpoint(nameOrFolder, hub)
  const stated = await loadBertConfig(folder)
  const config: CompleteBertConfig = {
    ...stated,
    summary,
    hiddenDropout: hiddenDropout ?? stated.hiddenDropout,
    attentionDropout: attentionDropout ?? stated.attentionDropout,
  }
  const { tokenizer, notes } = await loadTokenizer(folder, {
    maxLength: maxLength ?? config.maxPositions,
    ...(lowercase !== undefined && { lowercase }),
  })
  assertFits(tokenizer, config, folder)
  const file = await findWeights(folder)
  const weights = toBertNames(await loadWeights(file))
  const encoder = createBertEncoder(config, { initialise: false })
  try {
    const { extra } = assignWeights(encoder.parameters(), weights, file)
    return { encoder, tokenizer, report: { file, extra, notes } }
  } catch (error) {
    encoder.dispose()
    throw error
  }
}

function assertFits(
  tokenizer: WordTokenizer,
  { vocabSize, maxPositions }: CompleteBertConfig,
  folder: string,
) {
  if (tokenizer.vocabSize > vocabSize) {
    throw new InvalidArgumentError({
      argument: folder,
      rule: `must have a tokenizer whose ids lie below vocab_size = ${vocabSize}`,
      received: `ids up to ${tokenizer.vocabSize - 1}`,
      fix: 'The tokenizer belongs to another checkpoint.',
    })
  }
  if (tokenizer.maxLength > maxPositions) {
    throw new InvalidArgumentError({
      argument: 'maxLength',
      rule: `must be at most max_position_embeddings = ${maxPositions}`,
      received: tokenizer.maxLength,
    })
  }
}
