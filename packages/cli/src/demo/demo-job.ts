import type { Engine } from '@mafjs/compile/engine'
import { showcasePosts } from '@mafjs/demo-corpus'
import { checkpointFormat, createMafProgram, type TaggedPost, tag } from '@mafjs/ner-maf'
import { takeSnapshot, writeModel } from '@mafjs/train'
import { createDemoTask, DEMO_PICTURE_SIZE, type DemoSize, type DemoTask } from './demo-task'
import type { DemoVariant } from './demo-variants'
import { trainVariant, type VariantResult } from './train-variant'

/** One training of the demo, as one process is asked to do it. */
export interface DemoJob {
  variant: DemoVariant
  seed: number
  size: DemoSize
  /** Whether the trained model also reads the showcase posts. */
  showcase: boolean
  /** Where to save the trained model. */
  out?: string
}

/** What one training gives. */
export interface DemoJobResult {
  result: VariantResult
  /** What the model says of each showcase post. */
  showcase?: TaggedPost[]
}

/** Does one job on an engine; the corpus is made once and serves all jobs of a process. */
export function createDemoWorker(engine: Engine): (job: DemoJob) => Promise<DemoJobResult> {
  let task: DemoTask | undefined
  return async ({ variant, seed, size, showcase, out }) => {
    task ??= createDemoTask(size)
    const { model, result } = await trainVariant(task, { variant, seed, epochs: size.epochs, engine })
    try {
      const { tokenizer, pictures } = task
      if (out !== undefined) {
        const format = checkpointFormat({
          model: model.config,
          preprocessing: {
            splitter: 'tweet',
            maxLength: tokenizer.maxLength,
            pictureSize: DEMO_PICTURE_SIZE,
            pictureResize: DEMO_PICTURE_SIZE,
          },
          tokenizer: tokenizer.definition,
        })
        await writeModel(out, { format, snapshot: await takeSnapshot(model.parameters()), metrics: result })
      }
      if (!showcase) return { result }
      const program = createMafProgram(model, engine)
      const tagger = { model, program, tokenizer, pictures }
      return { result, showcase: await tag(showcasePosts(), tagger).finally(program.dispose) }
    } finally {
      model.dispose()
    }
  }
}
