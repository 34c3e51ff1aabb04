import { Argument, Command } from '@commander-js/extra-typings'
import { count, runCommand, untilInterrupted } from '../../tools/command'
import { trainPostsOpponent } from './opponent'
import { scoreSpacy } from './spacy-opponent'

// npm run model:opponents: other programs on the same posts. README.md says which.
const DOES = { transformers: trainPostsOpponent, spacy: scoreSpacy }

await runCommand(
  new Command('npm run model:opponents --')
    .addArgument(new Argument('<name>', 'which').choices(Object.keys(DOES) as (keyof typeof DOES)[]))
    .requiredOption('--posts <folder>', 'as npm run model writes it')
    .option(
      '--encoder <folder>',
      'all-MiniLM-L6-v2, as npm run encoders makes it',
      'runs/encoders/all-MiniLM-L6-v2',
    )
    .option('--work <folder>', 'for all that is trained; what is finished is not done again', 'runs/posts-en')
    .option('--results <folder>', 'for the JSON', 'benchmarks/results')
    .option('--python <python>', 'a Python with torch and transformers, or with spacy', 'python3')
    .option('--threads <n>', 'of PyTorch', count, 2)
    .action(async (name, options) => {
      await DOES[name]({ ...options, signal: untilInterrupted() })
    }),
)
