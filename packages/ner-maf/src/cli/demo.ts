import { Command } from 'commander'
import { assertWritableFolder } from '../checkpoint/write-folder'
import { type DemoEngine, serveDemoJobs, WORKER_COMMAND } from '../demo/demo-processes'
import { type DemoOptions, runDemo } from '../demo/run-demo'
import { backendOption, engineOption, wholeNumber } from './options'

/** `ner-maf demo` */
export function demoCommand(): Command {
  return new Command('demo')
    .description('train MAF and its ablations on a corpus made here, and print what was measured')
    .option('--quick', 'less data and fewer epochs: half a minute on two cores', false)
    .option('--seeds <count>', 'how many seeds every variant is trained with', wholeNumber(1, 20), 1)
    .option('--out <folder>', 'save the trained MAF model there')
    .addOption(engineOption())
    .addOption(backendOption())
    .action(async ({ seeds, ...options }: Omit<DemoOptions, 'seeds'> & { seeds: number }) => {
      if (options.out !== undefined) await assertWritableFolder(options.out)
      await runDemo({ ...options, seeds: Array.from({ length: seeds }, (_, i) => i + 1) })
    })
}

/** The demo's own worker process; nothing for people to call. */
export function demoWorkerCommand(): Command {
  return new Command(WORKER_COMMAND)
    .addOption(engineOption())
    .addOption(backendOption())
    .action((options: DemoEngine) => serveDemoJobs(options))
}
