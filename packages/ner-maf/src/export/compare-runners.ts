import { cpus } from 'node:os'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'
import { collate, type Example } from '../data'
import type { ModelRunner } from '../engine/model-runner'
import { evaluateLabels, goldLabels } from '../evaluate'
import { type BatchArrays, batchArrays } from '../model/batch-arrays'
import { tagInBatches } from '../predict/tag-in-batches'
import type { QuantizationReport, SpeedRow } from './quantization-report'
import { timeRunners } from './time-runners'
import type { ValidationData } from './validation-data'

/** Two ways to run the same model. */
export interface ComparedRunners {
  float: ModelRunner
  int8: ModelRunner
}

/** Posts of a batch that are timed: one by one, as a person sends them, and as a server collects them. */
const BATCH_SIZES = [1, 16]
/** Batches of each size that are timed. */
const BATCHES: Readonly<Record<number, number>> = { 1: 8, 16: 1 }
const ROUNDS = 5

/** Scores both runners on labelled posts and times them. */
export async function compareRunners(
  { float, int8 }: ComparedRunners,
  checkpoint: LoadedCheckpoint,
  data: ValidationData,
): Promise<Pick<QuantizationReport, 'accuracy' | 'speed' | 'validation'>> {
  const { split, loadPictures } = data
  const { examples } = split
  const { model, tokenizer, config } = checkpoint
  const { windowOverlap } = config.preprocessing
  const windows = windowOverlap !== undefined && { windowOverlap }
  const gold = goldLabels(examples)
  const labelsOf = async (runner: ModelRunner): Promise<string[][]> => {
    const tagged = await tagInBatches(examples, { model, runner, tokenizer, loadPictures, ...windows })
    return tagged.map(({ labels }) => labels)
  }
  const [before, after] = [await labelsOf(float), await labelsOf(int8)]
  const score = (predicted: string[][]) => evaluateLabels({ gold, predicted }).strict.micro
  const [floatScore, int8Score] = [score(before), score(after)]

  const speed: SpeedRow[] = []
  for (const size of BATCH_SIZES) {
    const batches = await timedBatches(checkpoint, data, size)
    const [floatTime, int8Time] = await timeRunners([float, int8], batches, ROUNDS)
    const posts = batches.reduce((sum, { text }) => sum + text.ids.shape[0]!, 0)
    speed.push({ batch: Math.min(size, examples.length), posts, float: floatTime, int8: int8Time })
  }
  return {
    validation: {
      file: examples[0]?.source.file ?? split.name,
      posts: examples.length,
      withPicture: loadPictures ? examples.filter(({ image }) => image !== undefined).length : 0,
      entities: floatScore.support,
    },
    accuracy: {
      float: floatScore.f1,
      int8: int8Score.f1,
      lost: 100 * (floatScore.f1 - int8Score.f1),
      sameLabels: shareOfSame(before.flat(), after.flat()),
    },
    speed,
  }
}

/** The processor, for whoever reads the times. */
export const processorName = (): string => cpus()[0]?.model.trim() ?? 'unknown'

const shareOfSame = (a: readonly string[], b: readonly string[]): number =>
  a.length === 0 ? 1 : a.filter((label, i) => label === b[i]).length / a.length

async function timedBatches(
  { model, tokenizer }: LoadedCheckpoint,
  { split: { examples }, loadPictures }: ValidationData,
  size: number,
): Promise<BatchArrays[]> {
  const batches: BatchArrays[] = []
  for (let at = 0; at < examples.length && batches.length < BATCHES[size]!; at += size) {
    const posts: readonly Example[] = examples.slice(at, at + size)
    if (batches.length > 0 && posts.length < size) break
    const batch = collate(posts, { tokenizer, padTo: model.config.padTo })
    batches.push(batchArrays(model.config, batch, await loadPictures?.(posts)))
  }
  return batches
}
