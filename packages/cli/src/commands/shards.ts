import { Command } from 'commander'
import { PLAN_FILE } from '../predict/shards/shard'
import { writePlan } from '../predict/shards/write-plan'
import { wholeNumber } from './options'

interface ShardsOptions {
  data: string[]
  out: string
  lines: number
}

/** `ner-maf shards` */
export function shardsCommand(): Command {
  return new Command('shards')
    .requiredOption('--data <files...>', 'posts as JSONL, one a line')
    .requiredOption('--out <folder>', `a folder for ${PLAN_FILE}, and for what predict --shards finds`)
    .option(
      '--lines <posts>',
      'posts of a shard: what is computed again where a machine is lost',
      wholeNumber(1),
      1000,
    )
    .action(async ({ data, out, lines }: ShardsOptions) => {
      const shards = await writePlan({ data, out, lines })
      const posts = shards.reduce((sum, { lines }) => sum + lines, 0)
      console.log(`${out}/${PLAN_FILE}: ${shards.length} shards of ${posts} lines`)
    })
}
