import { InvalidArgumentError } from '@mafjs/tensor'
import { countIds, idInVocab, type TokenizerJson } from '../tokenizer/tokenizer-json'
import type { TokenizerFiles } from './tokenizer-files'

/**
 * A tokenizer with the tokens that its folder lists beside it: they keep their ids, which follow on the vocabulary's.
 *
 * @throws InvalidArgumentError for a token whose id is another one's, or is not the next.
 */
export function withAddedTokens(
  tokenizer: TokenizerJson,
  { added, additional }: Pick<TokenizerFiles, 'added' | 'additional'>,
): TokenizerJson {
  const listed = [...(tokenizer.added_tokens ?? [])]
  const refuse = (content: string, id: number, rule: string): never => {
    throw new InvalidArgumentError({
      argument: added.file,
      rule: `must give ${JSON.stringify(content)} ${rule}`,
      received: id,
      fix: 'Its files contradict each other: keep those that belong to the checkpoint.',
    })
  }
  let next = countIds(tokenizer)
  for (const token of added.tokens) {
    const { content, id } = token
    const known = listed.find(other => other.content === content)?.id ?? idInVocab(tokenizer, content)
    if (known !== undefined && known !== id) refuse(content, id, `the id it has in the vocabulary, ${known}`)
    const namesake = listed.find(other => other.id === id && other.content !== content)
    if (namesake) refuse(content, id, `an id of its own, not that of ${JSON.stringify(namesake.content)}`)
    if (known === undefined && id !== next) refuse(content, id, `the id that follows the others, ${next}`)
    if (known === undefined) next++
    if (!listed.some(other => other.content === content)) listed.push(token)
  }
  const isText = new Set(additional)
  const added_tokens = listed.map(token => (isText.has(token.content) ? { ...token, special: false } : token))
  return { ...tokenizer, added_tokens }
}
