import { parseArgs } from 'node:util'
import { probeInt8 } from '@mafjs/compile'
import { runCommand } from '../command'
import { describeMachine } from '../machine'
import { exactness } from './exactness'
import { models, type ScoredModel } from './models'
import { speed } from './speed'

// Weights of 7 bits, unsigned ones, and all 8 bits with the option for exact products and without: what is right, what it
// takes, and what of F1 it costs. Run it on processors with VNNI and without.
const USAGE = `npm run bench:int8 -- [options]
  --model FOLDER    score this checkpoint too; --data and --images belong to it; may be given several times
  --data FOLDER     its data, with train and valid (the test split is not read)
  --images FOLDER   its pictures; "none" for a model without
  --no-speed        leave the times out, as on an emulated processor`

function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      model: { type: 'string', multiple: true, default: [] },
      data: { type: 'string', multiple: true, default: [] },
      images: { type: 'string', multiple: true, default: [] },
      speed: { type: 'boolean', default: true },
    },
  })
  if (values.model.length !== values.data.length) throw new Error('Every --model needs its --data.')
  return values
}

await runCommand(USAGE, readOptions, async ({ model, data, images, speed: isTimed }) => {
  const { saturates } = await probeInt8()
  const { processor, instructions } = describeMachine()
  const told = `${processor} (${instructions.join(', ') || process.arch})`
  console.log(`${told}: products with 8-bit weights ${saturates ? 'saturate' : 'are exact'}\n`)
  console.log(`${await exactness()}\n`)
  if (isTimed) console.log(`${await speed()}\n`)
  const list = model.map((folder, i): ScoredModel => {
    const pictures = images[i] === 'none' ? undefined : images[i]
    return { model: folder, data: data[i]!, images: pictures }
  })
  if (list.length > 0) console.log(await models(list))
})
