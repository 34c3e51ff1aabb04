import { existsSync } from 'node:fs'
import { runCommand } from '../../tools/command'
import { runCpMner } from './cp-mner'
import { type Options, runMvsa } from './mvsa'
import { eyesCommand } from './options'
import { formatRecord, report } from './report'

// npm run eyes: what real pictures give, with EfficientNet-Lite0. README.md says how.
const DOES: Readonly<Record<string, (options: Options) => Promise<void>>> = {
  'cp-mner-small': options => runCpMner('cp-mner-small', options),
  'cp-mner': options => runCpMner('cp-mner', options),
  report,
}

await runCommand(
  eyesCommand().action(async (parts, options) => {
    const needed = [options.data, options.models, options.textEncoder, options.imageEncoder]
    const absent = needed.filter(folder => !existsSync(folder))
    if (absent.length > 0) {
      console.warn(`SKIPPED, NOT MEASURED: ${absent.join(' and ')} is not here.`)
      return
    }
    for (const part of parts) {
      if (DOES[part]) await DOES[part](options)
      else console.log(formatRecord(await runMvsa(part, options)))
    }
  }),
)
