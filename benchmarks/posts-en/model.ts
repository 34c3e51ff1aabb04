import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../../tools/command'
import { type Parts, runParts } from '../training/run-parts'
import { calibrateModel } from './calibrate'
import { writeCard } from './card'
import { chooseSettings } from './choose'
import { formatSizes } from './format-sizes'
import { exportModel, trainModel } from './make-model'
import { measureModel } from './measure'
import { modelCommand, type Options } from './options'
import { measureWarmStart } from './warm-start'
import { writePosts } from './write-posts'

// npm run model: `@mafjs/model-posts-en`, from the open sets to the package. README.md says how.
const DOES: Parts<Options> = {
  async data({ data, work }) {
    const out = join(work, 'data')
    const written = await writePosts({ data: join(data, 'open-ner'), out, handles: 'unlabelled' })
    console.log(formatSizes(written))
  },
  choose: chooseSettings,
  train: trainModel,
  calibrate: calibrateModel,
  export: exportModel,
  measure: measureModel,
  'warm-start': measureWarmStart,
  card: writeCard,
}

await runCommand(
  modelCommand().action(async (parts, options) => {
    const absent = [join(options.data, 'open-ner'), options.encoder].filter(folder => !existsSync(folder))
    if (absent.length > 0) {
      console.warn(`SKIPPED, NOT MADE: ${absent.join(' and ')} is not here (--data, --encoder).`)
      return
    }
    await runParts(parts, DOES, options)
  }),
)
