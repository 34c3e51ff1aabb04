import { conll } from '../formats/conll'
import { jsonl } from '../formats/jsonl'
import { huggingFaceTarget } from './hugging-face-target'
import { labelStudioTarget } from './label-studio-target'
import { leftOfPost } from './left-of-post'
import type { ConversionTarget } from './target'

/** What posts can be converted to, as `ner-maf convert` calls it. */
export const TARGET_NAMES = ['jsonl', 'conll', 'hf', 'label-studio'] as const

/** What posts can be converted to. */
export type TargetName = (typeof TARGET_NAMES)[number]

/** Every target. */
export const TARGETS: Readonly<Record<TargetName, ConversionTarget>> = {
  jsonl: {
    name: jsonl.name,
    suffix: '.jsonl',
    format: jsonl,
    leaves: () => [],
    write: posts => posts.map(jsonl.write).join(''),
  },
  conll: {
    name: conll.name,
    suffix: '.txt',
    format: conll,
    leaves: post => leftOfPost(post, ['ids', 'texts', 'parts', 'classes', 'scores', 'fields', 'spaces']),
    write: posts => posts.map(conll.write).join(''),
  },
  hf: huggingFaceTarget,
  'label-studio': labelStudioTarget,
}
