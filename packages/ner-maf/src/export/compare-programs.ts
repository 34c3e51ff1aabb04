import { timePrograms } from '@mafjs/compile/engine'
import { collate, type Post } from '@mafjs/data'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'
import { type BatchArrays, batchArrays } from '../model/batch-arrays'
import { batchOptions } from '../model/batch-options'
import type { MafProgram } from '../task/maf-program'
import type { QuantizationReport, SpeedRow } from './quantization-report'
import type { GraphScore } from './score-graph'
import type { ValidationData } from './validation-data'

/** Posts of a batch that are timed, how many such batches, and how often: one by one, as a person sends them, and as a server collects them. */
const TIMED = [
  { size: 1, count: 8, rounds: 5 },
  { size: 16, count: 1, rounds: 3 },
]

/** What int8 cost, from what both forms of a model say of the same posts. */
export function compareScores(
  { float, int8 }: { float: GraphScore; int8: GraphScore },
  { split: { examples, name }, pictures }: ValidationData,
): Pick<QuantizationReport, 'accuracy' | 'validation'> {
  return {
    validation: {
      file: examples[0]?.source.file ?? name,
      posts: examples.length,
      withPicture: pictures ? examples.filter(({ image }) => image !== undefined).length : 0,
      entities: float.support,
    },
    accuracy: {
      float: float.f1,
      int8: int8.f1,
      lost: 100 * (float.f1 - int8.f1),
      sameLabels: shareOfSame(float.labels.flat(), int8.labels.flat()),
    },
  }
}

/** Times both forms of a model on the same posts, in turn. */
export async function compareSpeed(
  { float, int8 }: { float: MafProgram; int8: MafProgram },
  checkpoint: LoadedCheckpoint,
  data: ValidationData,
): Promise<SpeedRow[]> {
  const { examples } = data.split
  const speed: SpeedRow[] = []
  let single: BatchArrays | undefined
  for (const { size, count, rounds } of TIMED) {
    const batches = await timedBatches(checkpoint, data, { size, count })
    // One post brings the weights as near as sixteen would.
    single ??= batches[0]?.batch
    const [floatTime, int8Time] = await timePrograms([float, int8], batches, rounds, single)
    const posts = batches.reduce((sum, { rows }) => sum + rows, 0)
    speed.push({ batch: Math.min(size, examples.length), posts, float: floatTime, int8: int8Time })
  }
  return speed
}

const shareOfSame = (a: readonly string[], b: readonly string[]): number =>
  a.length === 0 ? 1 : a.filter((label, i) => label === b[i]).length / a.length

async function timedBatches(
  { model, tokenizer }: LoadedCheckpoint,
  { split: { examples }, pictures }: ValidationData,
  { size, count }: { size: number; count: number },
): Promise<{ batch: BatchArrays; rows: number }[]> {
  const batches: { batch: BatchArrays; rows: number }[] = []
  for (let at = 0; at < examples.length && batches.length < count; at += size) {
    const posts: readonly Post[] = examples.slice(at, at + size)
    if (batches.length > 0 && posts.length < size) break
    const collated = collate(posts, { tokenizer, ...batchOptions(model.config) })
    const batch = batchArrays(model.config, collated, await pictures?.load(posts))
    batches.push({ batch, rows: posts.length })
  }
  return batches
}
