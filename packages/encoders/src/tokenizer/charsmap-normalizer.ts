import { PrecompiledNormalizer, SequenceNormalizer, type Tokenizer } from '@huggingface/tokenizers'
import { type Charsmap, readCharsmap } from './charsmap'

/**
 * Makes a tokenizer normalise by the table in its own `tokenizer.json`, as XLM-R was trained with. The library computes
 * NFKC instead, which differs where tweets do: the joiner within pictographs would become a space and part them.
 */
export function useCharsmaps(tokenizer: Tokenizer): void {
  const exact = (normalizer: Tokenizer['normalizer']): Tokenizer['normalizer'] => {
    if (normalizer instanceof SequenceNormalizer) {
      normalizer.normalizers = normalizer.normalizers.map(exact)
    } else if (normalizer instanceof PrecompiledNormalizer && typeof normalizer.charsmap === 'string') {
      return new CharsmapNormalizer(normalizer.config, readCharsmap(normalizer.charsmap))
    }
    return normalizer
  }
  tokenizer.normalizer = exact(tokenizer.normalizer)
}

class CharsmapNormalizer extends PrecompiledNormalizer {
  private readonly rewrite: Charsmap

  constructor(config: PrecompiledNormalizer['config'], rewrite: Charsmap) {
    super(config as ConstructorParameters<typeof PrecompiledNormalizer>[0])
    this.rewrite = rewrite
  }

  override normalize(text: string): string {
    return this.rewrite(text)
  }
}
