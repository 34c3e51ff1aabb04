import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../../tools/command'
import { type Parts, runParts } from '../training/run-parts'
import { writeResult } from '../write-result'
import { agree, SAME_LOSS } from './agree'
import { chooseRates, trainRuns } from './measure'
import { trainBaselineOpponent } from './opponent'
import { baselineCommand } from './options'
import { report } from './report'
import { measureTimes } from './times'

// npm run baseline: the published text baseline, BERT-CRF with bert-base-cased, on Twitter-2017 and -2015. README.md says how.
type Options = ReturnType<ReturnType<typeof baselineCommand>['opts']>

async function checkAgreement(options: Options, signal: AbortSignal): Promise<void> {
  const { encoder, steps, python, threads } = options
  const data = join(options.data, 'twitter2017')
  const size = { steps, batch: 8, tokens: 128 }
  const { ours, theirs, apart } = await agree({ ...size, data, encoder, python, threads, signal })
  await writeResult(options.results, 'baseline-agree', { data: 'twitter2017', ...size, ours, theirs, apart })
  for (const [step, loss] of theirs.entries())
    console.log(`step ${step + 1}: ours ${ours[step]!.toFixed(6)}, PyTorch ${loss.toFixed(6)}`)
  console.log(`losses of ${steps} steps: apart by at most ${apart.toExponential(1)} of PyTorch's`)
  if (!(apart <= SAME_LOSS)) throw new Error(`The losses must be equal to ${SAME_LOSS}.`)
}

const DOES: Parts<Options> = {
  agree: checkAgreement,
  choose: async (options, signal) => void (await chooseRates(options, signal)),
  train: trainRuns,
  opponent: trainBaselineOpponent,
  times: measureTimes,
  report,
}

await runCommand(
  baselineCommand().action(async (parts, options) => {
    const absent = [options.data, options.encoder].filter(folder => !existsSync(folder))
    if (absent.length > 0) {
      console.warn(`SKIPPED, NOT MEASURED: ${absent.join(' and ')} is not here (--data, --encoder).`)
      return
    }
    await runParts(parts, DOES, options)
  }),
)
