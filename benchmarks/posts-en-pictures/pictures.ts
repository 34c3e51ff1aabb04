import { existsSync } from 'node:fs'
import { runCommand } from '../../tools/command'
import { type Parts, runParts } from '../training/run-parts'
import { makeCorpus } from './corpus'
import { makeFeatures } from './features'
import { judge } from './judge'
import { type Options, picturesCommand } from './options'
import { trainAll } from './train'
import { measureTransfer } from './transfer'

// npm run model-pictures: the variant with pictures of the model that ships, and whether it may. README.md says how.
const DOES: Parts<Options> = {
  corpus: makeCorpus,
  features: makeFeatures,
  transfer: measureTransfer,
  train: trainAll,
  judge,
}

await runCommand(
  picturesCommand().action(async (parts, options) => {
    if (!existsSync(options.data)) {
      console.warn(`SKIPPED, NOT MEASURED: ${options.data} is not here (--data).`)
      return
    }
    await runParts(parts, DOES, options)
  }),
)
