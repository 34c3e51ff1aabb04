import { InvalidArgumentError } from '@mafjs/tensor'
import { asText } from '@mafjs/tensor/json'
import { assertKnownFields, type TokenizerPart } from '../tokenizer-json'

/** The fields of each type beside `type`, as `tokenizers` writes them; those without any are left out. */
const FIELDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    BertNormalizer: 'clean_text handle_chinese_chars strip_accents lowercase',
    Strip: 'strip_left strip_right',
    Replace: 'pattern content',
    Prepend: 'prepend',
    Precompiled: 'precompiled_charsmap',
    Sequence: 'normalizers pretokenizers',
    ByteLevel: 'add_prefix_space trim_offsets use_regex',
    Metaspace: 'replacement add_prefix_space prepend_scheme split str_rep',
    Punctuation: 'behavior',
    Digits: 'individual_digits',
    Split: 'pattern behavior invert',
  }),
)

/**
 * Makes a part of a `tokenizer.json` by its type.
 *
 * @param kind the part's name in the file
 * @throws InvalidArgumentError for one of another type, or with a field that its type has not: nothing is left out in silence.
 */
export function makePart<Part>(
  kind: string,
  part: TokenizerPart,
  makers: Readonly<Record<string, (part: TokenizerPart) => Part>>,
): Part {
  const type = asText(part.type)
  if (Object.hasOwn(makers, type)) {
    assertKnownFields(`tokenizer: ${kind}`, part, `type ${FIELDS.get(type) ?? ''}`)
    return makers[type]!(part)
  }
  throw new InvalidArgumentError({
    argument: `tokenizer: ${kind}`,
    rule: `must be one of ${Object.keys(makers).join(', ')}`,
    received: part.type ?? 'nothing',
    fix: 'Take a tokenizer.json without it: words would be cut otherwise than the encoder was trained with.',
  })
}
