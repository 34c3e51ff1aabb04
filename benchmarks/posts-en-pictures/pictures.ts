import { existsSync } from 'node:fs'
import { InterruptedError } from '@mafjs/train'
import { runCommand, untilInterrupted } from '../../tools/command'
import { makeCorpus } from './corpus'
import { makeFeatures } from './features'
import { judge } from './judge'
import { type Options, type PARTS, picturesCommand } from './options'
import { trainAll } from './train'
import { measureTransfer } from './transfer'

// npm run model-pictures: the variant with pictures of the model that ships, and whether it may. README.md says how.
const DOES: Record<(typeof PARTS)[number], (options: Options & { signal: AbortSignal }) => Promise<void>> = {
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
    const signal = untilInterrupted()
    for (const part of parts) {
      try {
        await DOES[part]({ ...options, signal })
      } catch (error) {
        if (!signal.aborted) throw error
        const step = error instanceof InterruptedError ? `Saved after step ${error.step}` : 'Interrupted'
        console.error(`${step}; the same command goes on.`)
        return
      }
    }
  }),
)
