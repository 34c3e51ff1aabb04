import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Missing } from './settings'
import { TYPES } from './sources'

interface Line {
  labels: string[]
  labelledTypes?: string[]
}

const isMisc = (label: string): boolean => label.endsWith('-MISC')

/** A post's line as a way of training has it. */
function lineFor(missing: Missing, line: Line): Line {
  if (missing === 'open') return line
  const { labelledTypes: _, ...whole } = line
  if (missing === 'none') return whole
  return { ...whole, labels: whole.labels.map(label => (isMisc(label) ? 'O' : label)) }
}

/**
 * Writes the training split as a way of training has it, with the validation split, which is the same for all.
 *
 * @returns the folder
 */
export async function writeVariant(data: string, out: string, missing: Missing): Promise<string> {
  const folder = join(out, missing.replace(' ', '-'))
  await mkdir(folder, { recursive: true })
  for (const split of ['train', 'valid'] as const) {
    const text = await readFile(join(data, `${split}.jsonl`), 'utf8')
    const lines = text.trimEnd().split('\n')
    const written = lines.map(line => {
      const read = JSON.parse(line) as Line
      // A type that the model does not have is none that it could be stopped by.
      const kept = missing === 'left out' && split === 'valid' ? withoutMisc(read) : read
      return JSON.stringify(split === 'train' ? lineFor(missing, kept) : kept)
    })
    await writeFile(join(folder, `${split}.jsonl`), `${written.join('\n')}\n`)
  }
  return folder
}

/** A post as annotators leave it who do not look for MISC. */
const withoutMisc = (line: Line): Line => ({
  ...line,
  labels: line.labels.map(label => (isMisc(label) ? 'O' : label)),
  labelledTypes: TYPES.filter(type => type !== 'MISC'),
})
