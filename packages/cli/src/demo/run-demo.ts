import { describeEngine, useEngine } from '@mafjs/compile/engine'
import {
  type DemoCorpus,
  type DemoPost,
  meanColourProbe,
  type ProbeResult,
  showcasePosts,
} from '@mafjs/demo-corpus'
import type { DemoJob } from './demo-job'
import { type DemoEngine, runDemoJobs, shareThreads } from './demo-processes'
import { demoConclusion, demoIntroduction, demoTable, percent } from './demo-report'
import { describeShowcase } from './demo-showcase'
import { createDemoTask, DEMO_PICTURE_SIZE, DEMO_SIZES } from './demo-task'
import { DEMO_VARIANTS, demoPictures } from './demo-variants'

/** How the demo is run. */
export interface DemoOptions extends DemoEngine {
  /** The same work on less data. @default false */
  quick?: boolean | undefined
  /** Every variant is trained once for each. @default [1] */
  seeds?: readonly number[] | undefined
  /** Where to save the MAF model of the first seed. @default nowhere */
  out?: string | undefined
  /** Where the report's lines go. @default console.log */
  print?: ((line: string) => void) | undefined
}

/** Pictures the colour probe learns from: three weights of a colour need no more. */
const PROBED = 800

/** How far mean colour alone tells the test split's pictures apart. */
async function probeColours({ train, test, pictures }: DemoCorpus): Promise<ProbeResult> {
  const render = async (posts: readonly DemoPost[]) => {
    const rendered = posts.map(async post => {
      const { pictureClass } = post
      const pixels = await pictures(post, DEMO_PICTURE_SIZE)
      return pixels && pictureClass ? [{ pixels, pictureClass }] : []
    })
    return (await Promise.all(rendered)).flat()
  }
  return meanColourProbe({ train: await render(train.slice(0, PROBED)), test: await render(test) })
}

/** Makes the corpus, trains every variant on it from random weights, and prints what was measured. */
export async function runDemo({
  quick = false,
  seeds = [1],
  out,
  engine: wanted,
  backend,
  threads,
  print = console.log,
}: DemoOptions = {}): Promise<void> {
  const engine = await useEngine({ engine: wanted, backend, threads })
  print(describeEngine(engine))
  const size = quick ? DEMO_SIZES.quick : DEMO_SIZES.full
  const { corpus } = createDemoTask(size)
  const ceilings = corpus.ceilings.test
  const pictures = demoPictures(engine)
  print(demoIntroduction({ size, quick, seeds, ceilings, probe: await probeColours(corpus), pictures }))
  const jobs = seeds.flatMap(seed =>
    DEMO_VARIANTS.map((variant): DemoJob => {
      const isFirstMaf = variant === 'MAF' && seed === seeds[0]
      return { variant, seed, size, showcase: isFirstMaf, out: isFirstMaf ? out : undefined }
    }),
  )
  const done = await runDemoJobs(jobs, {
    engine: wanted,
    backend,
    ...shareThreads(engine, threads),
    onDone: ({ result: { variant, seed, test, seconds } }) =>
      print(`  ${variant}, seed ${seed}: F1 ${percent(test.strict.micro.f1)} % in ${seconds.toFixed(0)} s`),
  })
  const figures = { results: done.map(({ result }) => result), ceilings }
  print(`\n${demoTable(figures)}\n\n${demoConclusion(figures)}`)
  const shown = done.find(({ showcase }) => showcase)?.showcase
  if (shown)
    print(`\nSome posts, as MAF (seed ${seeds[0]}) reads them:\n${describeShowcase(showcasePosts(), shown)}`)
  if (out !== undefined) {
    print(`\nModel written to ${out}; try: ner-maf predict --model ${out} --text "..." --image FILE`)
  }
}
