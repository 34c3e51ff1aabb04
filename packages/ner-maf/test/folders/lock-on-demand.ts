import { createInterface } from 'node:readline'
import { lockFolder } from '@mafjs/tensor/files'

// A process that locks what it is told to: a folder on each line of stdin is locked, and given back with the next line. It
// answers each with `locked`, or the error.
let release = (): void => {}
for await (const folder of createInterface({ input: process.stdin })) {
  release()
  release = () => {}
  if (folder === 'exit') process.exit()
  if (folder === '') continue
  try {
    release = await lockFolder(folder, { command: 'ner-maf train' })
    console.log('locked')
  } catch (error) {
    console.log(String(error))
  }
}
