import { writeFolder } from '@mafjs/tensor/files'
import { CHECKPOINT_FOLDER } from '../../src/checkpoint/checkpoint-folder'

// A process to be killed: it replaces the folder it is given, over and over, by versions that differ in every file.
const folder = process.argv[2]!
const SIZES = { 'model.safetensors': 4_000_000, 'tokenizer.json': 100_000, 'metrics.json': 1000 }
for (let version = 1; ; version++) {
  const files = Object.entries(SIZES).map(([name, size]) => [name, `${version} `.repeat(size / 4)])
  const config = JSON.stringify({ model_type: 'maf', version })
  await writeFolder(
    folder,
    { ...Object.fromEntries(files), 'config.json': config },
    { kind: CHECKPOINT_FOLDER, overwrite: true },
  )
  if (version === 1) process.stdout.write('ready\n')
}
