import type { WordTokenizer } from '@mafjs/encoders'
import { extractSpans } from '@mafjs/evaluate'
import { type Finding, finding } from '../findings'
import { type DoctorFile, wholePosts, wordPlace } from '../post'

/** White space and signs without a shape of their own, or that only change the sign before. */
const INVISIBLE = /^[\s\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]+$/u

/** The code points of a short word, which itself could not be seen. */
const codePoints = (word: string): string => {
  const points = [...word].map(
    sign => `U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  )
  return points.length > 4 ? `${points.slice(0, 4).join(' ')} ...` : points.join(' ')
}

/** Finds words in which nothing can be seen, such as one no-break space. */
export function checkBlankWords(files: readonly DoctorFile[]): Finding[] {
  return wholePosts(files).flatMap(post =>
    post.words.flatMap((text, at) =>
      INVISIBLE.test(text)
        ? [
            finding(
              'blank-token',
              ...wordPlace(post, at),
              `word ${at + 1} of its post is ${codePoints(text)}`,
            ),
          ]
        : [],
    ),
  )
}

type Fate = 'vanished-token' | 'unknown-token' | undefined

/** Finds words of which a tokenizer leaves nothing, or nothing but `[UNK]`. */
export function checkTokens(files: readonly DoctorFile[], tokenizer: WordTokenizer): Finding[] {
  const { unk } = tokenizer.specialIds
  const fates = new Map<string, Fate>()
  const fateOf = (word: string): Fate => {
    const { ids, unknown } = tokenizer.encodeWords([word])
    if (unknown.length > 0) return 'vanished-token'
    return ids.slice(1, -1).every(id => id === unk) ? 'unknown-token' : undefined
  }
  const findings: Finding[] = []
  for (const post of wholePosts(files)) {
    for (const [at, text] of post.words.entries()) {
      if (!fates.has(text)) fates.set(text, fateOf(text))
      const fate = fates.get(text)
      if (!fate) continue
      const why = fate === 'unknown-token' ? 'is only [UNK]' : 'gives no piece, or more than fit'
      findings.push(finding(fate, ...wordPlace(post, at), `word ${at + 1} of its post ${why}`))
    }
  }
  return findings
}

/** Finds posts that are longer than the tokenizer's greatest length, and says what of them is lost. */
export function checkLengths(files: readonly DoctorFile[], tokenizer: WordTokenizer): Finding[] {
  return wholePosts(files).flatMap(post => {
    const { cut } = tokenizer.encodeWords(post.words)
    if (cut.length === 0) return []
    const entities = extractSpans(post.labels ?? [], 'lenient')
    const lost = entities.filter(({ end }) => end > cut[0]!).length
    const message = `loses ${cut.length} of ${post.words.length} words and ${lost} of ${entities.length} entities`
    return [finding('cut-post', post.source.file, post.source.line, message)]
  })
}
