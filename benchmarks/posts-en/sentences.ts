import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readExamples } from '@mafjs/data'
import { extractSpans } from '@mafjs/evaluate'
import type { MafAnnotator } from '@mafjs/ner-maf'

/** Our own sentences, each with what it tries. */
export const SENTENCES = fileURLToPath(new URL('sentences.jsonl', import.meta.url))

/** An entity in words. */
export interface NamedEntity {
  type: string
  text: string
}

/** What a model makes of one of our sentences. */
export interface SentenceAnswer {
  phenomenon: string
  text: string
  gold: NamedEntity[]
  found: NamedEntity[]
}

const same = (a: readonly NamedEntity[], b: readonly NamedEntity[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** Whether all of a sentence is right. */
export const isRight = ({ gold, found }: SentenceAnswer): boolean => same(gold, found)

/** Asks a model all of our sentences. */
export async function answerSentences(maf: MafAnnotator, file = SENTENCES): Promise<SentenceAnswer[]> {
  const { examples } = await readExamples(file)
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const phenomena = lines.map(line => (JSON.parse(line) as { phenomenon: string }).phenomenon)
  const answers: SentenceAnswer[] = []
  for (const [at, { text, offsets, labels }] of examples.entries()) {
    const { entities } = await maf.annotate({ text: text! })
    answers.push({
      ...{ phenomenon: phenomena[at]!, text: text! },
      gold: extractSpans(labels!, 'lenient').map(({ type, start, end }) => ({
        type,
        text: text!.slice(offsets![start]![0], offsets![end - 1]![1]),
      })),
      found: entities.map(({ type, text: name }) => ({ type, text: name })),
    })
  }
  return answers
}
