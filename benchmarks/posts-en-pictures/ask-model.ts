import { loadMaf } from '@mafjs/ner-maf'
import {
  ambiguousSentences,
  type PairAnswers,
  type PhotographPair,
  type Sentence,
  tellingSentences,
} from './probe'

/** What a model finds in one sentence: the type of exactly the name, null where there is no such entity, and match. */
interface Answer {
  type: string | null
  match: number
}

/**
 * Shows a model every sentence of every pair beside either of its photographs.
 *
 * @param model folder of a model with matching
 * @throws the error of a photograph that cannot be read
 */
export async function askModel(
  model: string,
  pairs: readonly PhotographPair[],
  options: { threads: number; signal?: AbortSignal | undefined },
): Promise<PairAnswers[]> {
  const maf = await loadMaf(model, { engine: 'onnx', threads: options.threads })
  const answer = async (sentences: readonly Sentence[], image: string): Promise<Answer[]> => {
    const posts = sentences.map(({ text }) => ({ text, image }))
    const answers: Answer[] = []
    for await (const result of maf.annotateMany(posts, { signal: options.signal })) {
      if ('error' in result) throw result.error
      const { entities, match } = result.annotation
      const { start, end } = sentences[answers.length]!
      const found = entities.find(entity => entity.start === start && entity.end === end)
      answers.push({ type: found?.type ?? null, match: match! })
    }
    return answers
  }
  try {
    const asked: PairAnswers[] = []
    for (const pair of pairs) {
      const [a, b] = pair
      const types = async (file: string) =>
        (await answer(ambiguousSentences(pair), file)).map(({ type }) => type)
      const matches = async (of: typeof a, file: string) =>
        (await answer(tellingSentences(of), file)).map(({ match }) => match)
      asked.push({
        pair,
        types: [await types(a.file), await types(b.file)],
        own: [...(await matches(a, a.file)), ...(await matches(b, b.file))],
        exchanged: [...(await matches(a, b.file)), ...(await matches(b, a.file))],
      })
    }
    return asked
  } finally {
    await maf.dispose()
  }
}
