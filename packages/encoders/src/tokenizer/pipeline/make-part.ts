import { InvalidArgumentError } from '@mafjs/tensor'
import { asText } from '@mafjs/tensor/json'
import type { TokenizerPart } from '../tokenizer-json'

/**
 * Makes a part of a `tokenizer.json` by its type.
 *
 * @param kind the part's name in the file
 * @throws InvalidArgumentError for one of another type: nothing is left out in silence.
 */
export function makePart<Part>(
  kind: string,
  part: TokenizerPart,
  makers: Readonly<Record<string, (part: TokenizerPart) => Part>>,
): Part {
  const type = asText(part.type)
  if (Object.hasOwn(makers, type)) return makers[type]!(part)
  throw new InvalidArgumentError({
    argument: `tokenizer: ${kind}`,
    rule: `must be one of ${Object.keys(makers).join(', ')}`,
    received: part.type ?? 'nothing',
    fix: 'Take a tokenizer.json without it: words would be cut otherwise than the encoder was trained with.',
  })
}
