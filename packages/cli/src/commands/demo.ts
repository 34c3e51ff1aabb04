import { join } from 'node:path'
import { CHECKPOINT_FOLDER } from '@mafjs/ner-maf'
import { assertWritableFolder, withLock } from '@mafjs/tensor/files'
import { Command } from 'commander'
import { type DemoEngine, serveDemoJobs } from '../demo/demo-processes'
import { DEMO_SIZES } from '../demo/demo-task'
import { type DemoOptions, runDemo } from '../demo/run-demo'
import { WORKER_COMMAND } from '../demo/worker-command'
import { writeDemo } from '../demo/write-demo'
import { backendOption, engineOption, threadsOption, wholeNumber } from './options'

/** `ner-maf demo` */
export function demoCommand(): Command {
  return new Command('demo')
    .option('--quick', 'less data and fewer epochs: half a minute on two cores', false)
    .option('--seeds <count>', 'how many seeds every variant is trained with', wholeNumber(1, 20), 1)
    .option('--out <folder>', 'save the trained MAF model there')
    .option('--corpus <folder>', 'write the corpus there instead, for all other commands')
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(
      threadsOption('threads of all trainings together, of the engine onnx or the backend tensorflow'),
    )
    .action(
      async ({
        seeds,
        corpus,
        ...options
      }: Omit<DemoOptions, 'seeds'> & { seeds: number; corpus?: string }) => {
        if (corpus !== undefined) {
          await withLock(corpus, { command: 'ner-maf demo', argument: 'corpus' }, () =>
            writeDemo(corpus, options.quick ? DEMO_SIZES.quick : DEMO_SIZES.full),
          )
          console.error(`Corpus written; try: ner-maf train --config ${join(corpus, 'run.yaml')} --out model`)
          return
        }
        const { out } = options
        await withLock(out, { command: 'ner-maf demo' }, async () => {
          if (out !== undefined) await assertWritableFolder(out, { kind: CHECKPOINT_FOLDER })
          await runDemo({ ...options, seeds: Array.from({ length: seeds }, (_, i) => i + 1) })
        })
      },
    )
}

/** The demo's own worker process; nothing for people to call. */
export function demoWorkerCommand(): Command {
  return new Command(WORKER_COMMAND)
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .action((options: DemoEngine) => serveDemoJobs(options))
}
