import { defaultShares, showcasePosts } from './corpus'
import type { DemoJob } from './demo-job'
import { runDemoJobs } from './demo-processes'
import { demoTable, describeShowcase, gapClosed } from './demo-report'
import { createDemoTask, DEMO_SIZES } from './demo-task'
import { DEMO_VARIANTS } from './demo-variants'

/** How the demo is run. */
export interface DemoOptions {
  /** The same work on less data, in about two minutes. @default false */
  quick?: boolean
  /** Every variant is trained once for each. @default [1] */
  seeds?: readonly number[]
  /** Where to save the MAF model of the first seed. @default nowhere */
  out?: string
  /** Where the report's lines go. @default console.log */
  print?: (line: string) => void
}

const share = (part: number): string => `${Math.round(100 * part)} %`

/** Makes the corpus, trains every variant on it from random weights, and prints what was measured. */
export async function runDemo({
  quick = false,
  seeds = [1],
  out,
  print = console.log,
}: DemoOptions = {}): Promise<void> {
  const size = quick ? DEMO_SIZES.quick : DEMO_SIZES.full
  const { corpus } = createDemoTask(size)
  const ceilings = corpus.ceilings.test
  const { text, picture, mismatch } = defaultShares
  print(
    [
      'MAF on a corpus made here: posts with names that can be a person, a place, a brand or a pet, beside pictures.',
      `${size.train} posts to train on, ${size.valid} to choose the epoch by, ${size.test} to measure on; no name of one split is in another.`,
      `In ${share(text)} the words decide and the picture agrees, in ${share(picture)} only the picture decides, in ${share(mismatch)} the picture misleads.`,
      `Of the ${ceilings.entities} names of the test split, ${ceilings.decidedByPicture} are decided by the picture alone: a reader of words gets at most ${(100 * ceilings.textOnly).toFixed(1)} % F1.`,
      `Training ${DEMO_VARIANTS.join(', ')} from random weights, ${size.epochs} epochs, ${seeds.length === 1 ? 'one seed' : `${seeds.length} seeds`}, two processes ...`,
    ].join('\n'),
  )
  const jobs = seeds.flatMap(seed =>
    DEMO_VARIANTS.map(
      (variant): DemoJob => ({
        variant,
        seed,
        size,
        showcase: variant === 'MAF' && seed === seeds[0],
        ...(variant === 'MAF' && seed === seeds[0] && out !== undefined && { out }),
      }),
    ),
  )
  const done = await runDemoJobs(jobs, {
    onDone: ({ result: { variant, seed, test, seconds } }) =>
      print(
        `  ${variant}, seed ${seed}: F1 ${(100 * test.strict.micro.f1).toFixed(1)} % in ${seconds.toFixed(0)} s`,
      ),
  })
  const figures = { results: done.map(({ result }) => result), ceilings }
  print(`\n${demoTable(figures)}`)
  const closed = gapClosed(figures)
  const meanClosed = closed.reduce((sum, value) => sum + value, 0) / closed.length
  print(
    `\nMAF closes ${(100 * meanClosed).toFixed(0)} % of the way from its text-only twin to the ceiling of text + picture.`,
  )
  const matches = done.flatMap(({ result }) =>
    result.variant === 'MAF' && result.match ? [result.match] : [],
  )
  const meanOf = (part: 'matching' | 'misleading'): string =>
    (100 * (matches.reduce((sum, match) => sum + match[part], 0) / matches.length)).toFixed(1)
  print(
    `Its matching probability is ${meanOf('matching')} % where the picture belongs, ${meanOf('misleading')} % where it misleads.`,
  )
  const shown = done.find(({ showcase }) => showcase)?.showcase
  if (shown) print(`\nSome posts as the first MAF reads them:\n${describeShowcase(showcasePosts(), shown)}`)
  if (out !== undefined)
    print(`\nModel written to ${out}; try: ner-maf predict --model ${out} --text "..." --image FILE`)
}
