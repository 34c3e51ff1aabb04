import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'

/** What can become of a JSON file that holds an object. */
export const DAMAGES: Record<string, (file: string) => Promise<unknown>> = {
  empty: file => writeFile(file, ''),
  'cut off': async file => writeFile(file, (await readFile(file)).subarray(0, 40)),
  'no JSON': file => writeFile(file, 'seed: 4\n'),
  'a list': file => writeFile(file, '[]'),
  null: file => writeFile(file, 'null'),
  'an object without fields': file => writeFile(file, '{}'),
  'a folder': async file => {
    await rm(file)
    await mkdir(file)
  },
}
