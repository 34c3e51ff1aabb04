import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDataset } from '@mafjs/data'
import { extractSpans } from '@mafjs/evaluate'

const SENTENCES = {
  twitter2015: { train: 4000, valid: 1000, test: 3257 },
  twitter2017: { train: 3373, valid: 723, test: 723 },
} as const

/** Gold entities of Twitter-2015's test split by the two rules. */
const ENTITIES_2015 = { strict: 5072, lenient: 5207 } as const

/** Lines of a token and a label, counted without our reader. */
const countTokens = (file: string): number =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line.includes('\t')).length

/** Reads all six files of Twitter-2015 and -2017 and compares what is known of them; returns what does not hold. */
export async function readTwitter(shared: string): Promise<string[]> {
  const problems: string[] = []
  for (const [name, expected] of Object.entries(SENTENCES)) {
    const folder = join(shared, 'data', name)
    const dataset = await readDataset({ data: folder, required: ['train', 'valid', 'test'] })
    for (const [split, sentences] of Object.entries(expected)) {
      const { examples } = dataset[split as keyof typeof expected]!
      const tokens = examples.reduce((sum, { words }) => sum + words.length, 0)
      const lines = countTokens(join(folder, `${split}.txt`))
      console.log(`${name} ${split}: ${examples.length} sentences, ${tokens} tokens of ${lines}`)
      if (examples.length !== sentences) problems.push(`${name} ${split}: not ${sentences} sentences`)
      if (tokens !== lines) problems.push(`${name} ${split}: ${lines - tokens} tokens lost`)
    }
    if (name !== 'twitter2015') continue
    const count = (rule: 'strict' | 'lenient'): number =>
      dataset.test!.examples.reduce((sum, { labels }) => sum + extractSpans(labels!, rule).length, 0)
    console.log(`${name} test: ${count('strict')} strict and ${count('lenient')} lenient entities`)
    for (const rule of ['strict', 'lenient'] as const) {
      if (count(rule) !== ENTITIES_2015[rule])
        problems.push(`${name} test: not ${ENTITIES_2015[rule]} ${rule} entities`)
    }
  }
  return problems
}
