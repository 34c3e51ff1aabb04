import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { writeFolder } from '@mafjs/tensor/files'
import { CHECKPOINT_FOLDER } from '../../src/checkpoint/checkpoint-folder'
import { EXPORT_FOLDER } from '../../src/export/write-export'

// A process that replaces a model's folder by one and the other of two, over and over, until it is ended: some replacements
// follow at once, before others there is time for a reading, on a slow machine too.
// `replace-forever.ts FOLDER KIND ONE OTHER`.
const [folder, kind, ...others] = process.argv.slice(2) as [string, 'checkpoint' | 'export', ...string[]]

const models = await Promise.all(
  others.map(async other => {
    const files = (await readdir(other)).map(async name => [name, await readFile(join(other, name))] as const)
    return Object.fromEntries(await Promise.all(files))
  }),
)
for (let replaced = 0; ; replaced++) {
  await writeFolder(folder, models[replaced % models.length]!, {
    kind: kind === 'export' ? EXPORT_FOLDER : CHECKPOINT_FOLDER,
    overwrite: true,
  })
  if (replaced === 0) process.stdout.write('begun\n')
  await setTimeout((replaced % 8) ** 2 * 8)
}
