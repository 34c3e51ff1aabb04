import { DEFAULT_CACHE_SIZE, FEATURE_TYPES } from '@mafjs/data/features'
import { type Command, Option } from 'commander'
import { number } from './options'

/** Adds the options of the cache of image features. */
export function withFeatureCacheOptions(command: Command): Command {
  return command
    .option(
      '--feature-cache <folder>',
      'where features of pictures are kept, or none (default: ner-maf/features in the folder for caches)',
    )
    .option('--feature-cache-size <GB>', 'the most it may hold', number(0), DEFAULT_CACHE_SIZE)
    .addOption(
      new Option('--feature-type <type>', 'how features are kept; float16 takes half the space')
        .choices([...FEATURE_TYPES])
        .default('float32'),
    )
}
