import { Command } from 'commander'
import { assertWritableFolder } from '../checkpoint/write-folder'
import { serveDemoJobs, WORKER_COMMAND } from '../demo/demo-processes'
import { runDemo } from '../demo/run-demo'
import { wholeNumber } from './options'

/** `ner-maf demo` */
export function demoCommand(): Command {
  return new Command('demo')
    .description('train MAF and its ablations on a corpus made here, and print what was measured')
    .option('--quick', 'less data and fewer epochs: about two minutes on two cores', false)
    .option('--seeds <count>', 'how many seeds every variant is trained with', wholeNumber(1, 20), 1)
    .option('--out <folder>', 'save the trained MAF model there')
    .action(async ({ quick, seeds, out }: { quick: boolean; seeds: number; out?: string }) => {
      if (out !== undefined) await assertWritableFolder(out)
      await runDemo({ quick, seeds: Array.from({ length: seeds }, (_, i) => i + 1), out })
    })
}

/** The demo's own worker process; nothing for people to call. */
export function demoWorkerCommand(): Command {
  return new Command(WORKER_COMMAND).action(serveDemoJobs)
}
