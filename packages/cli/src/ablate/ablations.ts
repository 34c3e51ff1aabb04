import type { TrainRunOptions } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'

/** One row of the table: what of the run's options it changes. */
export interface Ablation {
  /** What a person reads. */
  title: string
  options: Pick<TrainRunOptions, 'imageEncoder' | 'images' | 'without' | 'wiring'>
}

/** The rows by name; each changes one thing of MAF. */
export const ABLATIONS = {
  maf: { title: 'MAF', options: {} },
  'text-only': { title: 'text only', options: { imageEncoder: 'none', images: undefined } },
  'no-alignment': { title: '- CA: no alignment', options: { without: ['alignment'] } },
  'no-matching': { title: '- CM: no matching', options: { without: ['matching'] } },
  'no-interaction': { title: '- CI: the mean of the regions', options: { without: ['interaction'] } },
  'no-gate': { title: '- gate: side by side', options: { without: ['gate'] } },
  'tag-exchanged': { title: '+ tagging exchanged pictures', options: { wiring: { tagExchanged: true } } },
  residual: { title: '+ residual in CI', options: { wiring: { residual: 'query' } } },
  pieces: { title: 'labels of pieces (X)', options: { wiring: { steps: 'pieces' } } },
} satisfies Record<string, Ablation>

/** A row of the table of ablations. */
export type AblationName = keyof typeof ABLATIONS

/** The names of all rows, in the order of the table. */
export const ABLATION_NAMES = Object.keys(ABLATIONS) as AblationName[]

/**
 * The rows that were asked for, in the order of the table; MAF, which all are compared with, is always one.
 *
 * @throws InvalidArgumentError for a name it does not know.
 */
export function chooseAblations(wanted: readonly AblationName[] = ABLATION_NAMES): AblationName[] {
  const unknown = wanted.find(name => !ABLATION_NAMES.includes(name))
  if (unknown !== undefined) {
    throw new InvalidArgumentError({
      argument: 'rows',
      rule: `must be of ${ABLATION_NAMES.join(', ')}`,
      received: unknown,
    })
  }
  return ABLATION_NAMES.filter(name => name === 'maf' || wanted.includes(name))
}
