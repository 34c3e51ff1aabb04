import type { Engine } from '@mafjs/compile/engine'
import { windowRows } from '@mafjs/data'
import { type DemoPost, type PostKind, postKinds } from '@mafjs/demo-corpus'
import { type EvaluationReport, evaluateLabels } from '@mafjs/evaluate'
import { buildMaf, createMafProgram, type Maf, nerTask, type TaggedPost, tag } from '@mafjs/ner-maf'
import { fit } from '@mafjs/train'
import type { DemoPictures, DemoTask } from './demo-task'
import { type DemoVariant, demoConfig, demoPictures, demoSettings } from './demo-variants'

/** How one trained model does on the test split. */
export interface VariantResult {
  variant: DemoVariant
  seed: number
  test: EvaluationReport
  /** Strict F1 on the posts of each kind. */
  byKind: Partial<Record<PostKind, number>>
  /** The same model with every picture exchanged; only for MAF itself. */
  shuffled?: EvaluationReport
  /** Mean matching probability of posts whose picture matches, and of those it misleads. */
  match?: { matching: number; misleading: number }
  seconds: number
}

const score = (posts: readonly DemoPost[], tagged: readonly TaggedPost[]): EvaluationReport =>
  evaluateLabels({
    gold: posts.map(({ labels }) => labels),
    predicted: tagged.map(({ labels }) => labels),
  })

function scoreByKind(
  posts: readonly DemoPost[],
  tagged: readonly TaggedPost[],
): Partial<Record<PostKind, number>> {
  return Object.fromEntries(
    postKinds.flatMap(kind => {
      const rows = posts.map((_, row) => row).filter(row => posts[row]!.kind === kind)
      const report = score(
        rows.map(row => posts[row]!),
        rows.map(row => tagged[row]!),
      )
      return report.strict.micro.support > 0 ? [[kind, report.strict.micro.f1]] : []
    }),
  )
}

function meanMatch(posts: readonly DemoPost[], tagged: readonly TaggedPost[]): VariantResult['match'] {
  const mean = (kinds: readonly PostKind[]): number => {
    const values = tagged.flatMap(({ match }, row) =>
      match !== null && kinds.includes(posts[row]!.kind) ? [match] : [],
    )
    return values.reduce((sum, value) => sum + value, 0) / values.length
  }
  return tagged.some(({ match }) => match !== null)
    ? { matching: mean(['text', 'picture']), misleading: mean(['mismatch']) }
    : undefined
}

/** Trains one variant from random weights and measures it on the test split. The caller disposes the model. */
export async function trainVariant(
  task: DemoTask,
  {
    variant,
    seed,
    epochs,
    engine,
  }: {
    variant: DemoVariant
    seed: number
    epochs: number
    engine: Engine
  },
): Promise<{ model: Maf; result: VariantResult }> {
  const started = performance.now()
  const { corpus, tokenizer } = task
  const model = buildMaf(demoConfig(variant, tokenizer, seed, demoPictures(engine)))
  const withPictures = variant !== 'text only'
  const pictures = withPictures ? task.pictures : undefined
  const rowsOf = (posts: readonly DemoPost[]) => windowRows(posts, { config: model.config, tokenizer })
  const train = rowsOf(corpus.train)
  await fit(nerTask(model, { tokenizer, pictures, train }), {
    ...{ engine, train, valid: rowsOf(corpus.valid), settings: demoSettings(epochs, seed) },
  })
  const program = createMafProgram(model, engine)
  const tagWith = (pictures: DemoPictures | undefined): Promise<TaggedPost[]> =>
    tag(corpus.test, { model, program, tokenizer, pictures, batchSize: 32 })
  const tagged = await tagWith(pictures)
  const result: VariantResult = {
    variant,
    seed,
    test: score(corpus.test, tagged),
    byKind: scoreByKind(corpus.test, tagged),
    match: meanMatch(corpus.test, tagged),
    seconds: 0,
  }
  if (variant === 'MAF') {
    result.shuffled = score(corpus.test, await tagWith(task.shuffledPictures(corpus.test, seed)))
  }
  await program.dispose()
  result.seconds = (performance.now() - started) / 1000
  return { model, result }
}
