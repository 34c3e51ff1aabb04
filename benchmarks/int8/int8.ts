import { Command } from '@commander-js/extra-typings'
import { probeInt8 } from '@mafjs/compile'
import { runCommand } from '../../tools/command'
import { describeMachine } from '../machine'
import { exactness } from './exactness'
import { models, type ScoredModel } from './models'
import { speed } from './speed'

// Weights of 7 bits, unsigned ones, and all 8 bits with the option for exact products and without: what is right, what it
// takes, and what of F1 it costs. Run it on processors with VNNI and without.
const command = new Command('npm run bench:int8 --')
  .option('--model <folder...>', 'score these checkpoints too', [])
  .option('--data <folder...>', 'the data of each, with train and valid (the test split is not read)', [])
  .option('--images <folder...>', 'the pictures of each; "none" for a model without', [])
  .option('--no-speed', 'leave the times out, as on an emulated processor')

await runCommand(
  command.action(async ({ model, data, images, speed: isTimed }) => {
    if (model.length !== data.length) throw new Error('Every --model needs its --data.')
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
  }),
)
