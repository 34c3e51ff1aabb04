import { InvalidArgumentError } from '@mafjs/tensor'
import { type AddedToken, countIds, idsInVocab, type TokenizerJson } from '../tokenizer/tokenizer-json'
import type { TokenizerFiles } from './tokenizer-files'

/** What decides where an added token is found, and what is meant where nothing is said. */
const FLAGS = ['single_word', 'lstrip', 'rstrip', 'normalized'] as const

/** A flag that two files state otherwise; tokens that are special in both are text wherever they are typed. */
function differingFlag(one: AddedToken, other: AddedToken): string | undefined {
  if (one.special === true && other.special === true) return undefined
  return [...FLAGS, 'special' as const].find(
    flag => one[flag] !== undefined && other[flag] !== undefined && one[flag] !== other[flag],
  )
}

/**
 * A tokenizer with the tokens that its folder lists beside it: they keep their ids, which follow on the vocabulary's.
 *
 * @throws InvalidArgumentError for a token whose id is another one's, or is not the next, or that `tokenizer.json` looks for otherwise.
 */
export function withAddedTokens(
  tokenizer: TokenizerJson,
  { added, additional }: Pick<TokenizerFiles, 'added' | 'additional'>,
): TokenizerJson {
  const listed = [...(tokenizer.added_tokens ?? [])]
  const byContent = new Map(listed.map(token => [token.content, token]))
  const byId = new Map(listed.map(token => [token.id, token]))
  const idOf = idsInVocab(tokenizer)
  const refuse = (content: string, id: unknown, rule: string): never => {
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
    const twin = byContent.get(content)
    const known = twin?.id ?? idOf(content)
    if (known !== undefined && known !== id) refuse(content, id, `the id it has in the vocabulary, ${known}`)
    const namesake = byId.get(id)
    if (namesake && namesake.content !== content)
      refuse(content, id, `an id of its own, not that of ${JSON.stringify(namesake.content)}`)
    if (known === undefined && id !== next) refuse(content, id, `the id that follows the others, ${next}`)
    if (known === undefined) next++
    const flag = (twin && differingFlag(token, twin)) as keyof AddedToken | undefined
    if (flag) refuse(content, token[flag], `${flag} as tokenizer.json does, ${twin![flag]}`)
    if (twin) continue
    listed.push(token)
    byContent.set(content, token)
    byId.set(id, token)
  }
  const isText = new Set(additional)
  const added_tokens = listed.map(token => (isText.has(token.content) ? { ...token, special: false } : token))
  return { ...tokenizer, added_tokens }
}
