import { buildMaf, type Maf, type MafConfig } from '@mafjs/ner-maf'
import type { DrawnPosts } from './draw-posts'
import { buildWithFilm } from './film-fusion'
import { configOf, type Scores, type TrainingOptions, trainModel } from './train-model'

/** One way to fuse, and what each of its runs scored on the test posts. */
export interface ComparedWay {
  name: string
  runs: Scores[]
}

/** How the ways are compared. */
export interface CompareOptions extends Omit<TrainingOptions, 'seed'> {
  seeds: readonly number[]
  onNote?: (note: string) => void
}

/** What is compared, and how it is built. */
const WAYS: Record<string, { withPictures: boolean; build(config: MafConfig): Maf }> = {
  'text only': { withPictures: false, build: buildMaf },
  'MAF with its gate': { withPictures: true, build: buildMaf },
  'MAF with FiLM': { withPictures: true, build: buildWithFilm },
}

/** Trains each way; the epoch that is kept is chosen on validation. */
export async function compareWays(
  posts: DrawnPosts,
  { seeds, onNote = () => {}, ...training }: CompareOptions,
): Promise<ComparedWay[]> {
  const ways: ComparedWay[] = []
  for (const [name, { withPictures, build }] of Object.entries(WAYS)) {
    const runs: Scores[] = []
    for (const seed of seeds) {
      const model = build(configOf(posts, seed, withPictures))
      const { scores, validation } = await trainModel(model, posts, { ...training, seed })
      model.dispose()
      onNote(`${name}, seed ${seed}: validation ${validation.toFixed(3)}`)
      runs.push(scores)
    }
    ways.push({ name, runs })
  }
  return ways
}
