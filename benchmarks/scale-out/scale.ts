import { Command } from '@commander-js/extra-typings'
import { count, runCommand } from '../../tools/command'

// Past one process and one machine: `npm run scale -- filter | bullmq | spark | ray`. They run the built command line.

const engine = (name: string) =>
  new Command(name)
    .option('--model <folder>', 'the model', 'models/posts-en/model')
    .option('--posts <count>', 'posts of the demo that are annotated', count, 20_000)
    .option('--lines <count>', 'posts of a shard', count, 500)
    .option('--pictures', 'with their pictures')
    .option(
      '--seed <number>',
      'seed of what is drawn: the poison, and when which worker is killed',
      count,
      Date.now() % 2 ** 31,
    )
    .option('--no-measure', 'without one process beside it, and without writing figures')

await runCommand(
  new Command('scale')
    .addCommand(
      new Command('filter')
        .description('one child, two children and two threads of `ner-maf predict`, in turns')
        .requiredOption('--model <folder>', 'a model of the demo, which reads pictures')
        .option('--turns <count>', 'turns of each', count, 5)
        .option('--share <share>', 'share of the usual numbers of posts', Number, 1)
        .action(async options => (await import('./measure-filter')).measureFilter(options)),
    )
    .addCommand(
      engine('bullmq')
        .description('BullMQ on a Redis of its own, a worker killed')
        .action(async options => {
          const [{ runEngine }, { hasRedis, openBullMq }] = await Promise.all([
            import('./run-engine'),
            import('./bullmq'),
          ])
          if (hasRedis()) await runEngine(openBullMq, options)
          else console.log('NOT RUN: there is no redis-server (apt-get install redis-server).')
        }),
    )
    .addCommand(
      engine('spark')
        .description('Apache Spark in local mode, a worker killed')
        .action(async options => {
          const [{ runEngine }, { openSpark }] = await Promise.all([
            import('./run-engine'),
            import('./spark'),
          ])
          await runEngine(openSpark, options)
        }),
    )
    .addCommand(
      engine('ray')
        .description('Ray Data on this machine, a worker killed')
        .action(async options => {
          const [{ runEngine }, { openRay }] = await Promise.all([import('./run-engine'), import('./ray')])
          await runEngine(openRay, options)
        }),
    ),
)
