import type { Engine } from '@mafjs/compile/engine'
import { showcasePosts } from '@mafjs/demo-corpus'
import { writeCheckpoint } from '../checkpoint/save-checkpoint'
import { takeSnapshot } from '../checkpoint/snapshot'
import { createRunner } from '../engine/create-runner'
import { type TaggedPost, tagPosts } from '../predict/tag-posts'
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
      const { tokenizer, loadPictures } = task
      if (out !== undefined) {
        await writeCheckpoint(
          out,
          {
            model: model.config,
            preprocessing: {
              splitter: 'tweet',
              maxLength: tokenizer.maxLength,
              pictureSize: DEMO_PICTURE_SIZE,
              pictureResize: DEMO_PICTURE_SIZE,
            },
            tokenizer: tokenizer.definition,
            snapshot: await takeSnapshot(model.parameters()),
            metrics: result,
          },
          { overwrite: true },
        )
      }
      if (!showcase) return { result }
      const runner = createRunner(model, engine)
      const tagger = { model, runner, tokenizer, loadPictures }
      return { result, showcase: await tagPosts(showcasePosts(), tagger).finally(runner.dispose) }
    } finally {
      model.dispose()
    }
  }
}
