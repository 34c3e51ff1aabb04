import { Command } from '@commander-js/extra-typings'
import { count, runCommand } from '../../tools/command'

// Past one process and one machine: `npm run scale -- filter`.

await runCommand(
  new Command('scale').addCommand(
    new Command('filter')
      .description('one child, two children and two threads of `ner-maf predict`, in turns')
      .requiredOption('--model <folder>', 'a model of the demo, which reads pictures')
      .option('--turns <count>', 'turns of each', count, 5)
      .option('--share <share>', 'share of the usual numbers of posts', Number, 1)
      .action(async options => (await import('./measure-filter')).measureFilter(options)),
  ),
)
