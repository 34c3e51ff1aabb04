import type { Engine } from '@mafjs/compile/engine'
import { loadTextEncoder, type TextInputs } from '@mafjs/encoders'
import { maskedMean } from '@mafjs/tensor/compose'
import { padRows, predict } from '@mafjs/train'

type Arrays = Record<string, { data: ArrayLike<number>; shape: readonly number[] }>

/** What a frozen encoder makes of each text: the states of its tokens, and their mean, as sentence encoders have it. */
export async function encodeTexts(
  texts: readonly string[],
  { textEncoder, engine }: { textEncoder: string; engine: Engine },
): Promise<{ tokens: Float32Array; text: Float32Array }[]> {
  const { encoder, tokenizer } = await loadTextEncoder(textEncoder, { maxLength: 128 })
  const idsOf = (text: string) => tokenizer.encodeWords(text.split(' ')).ids
  const task = {
    collate(rows: readonly string[]) {
      const { values, mask } = padRows(rows.map(idsOf), { dtype: 'int32' })
      return { ids: values, mask }
    },
    // The encoder refuses more tokens than its table of positions has.
    axes: () => ({ axes: { ids: ['rows', 'tokens'], mask: ['rows', 'tokens'] }, largest: { tokens: 128 } }),
    length: (text: string) => idsOf(text).length,
    outputs(inputs: TextInputs) {
      const { states, mask } = encoder.apply(inputs)
      return { states, means: maskedMean(states, mask) }
    },
    decode: ({ states, means }: Arrays, rows: readonly string[]) => {
      const [, positions, size] = states!.shape as [number, number, number]
      const cut = ({ data }: Arrays[string], from: number, count: number) =>
        Float32Array.from({ length: count }, (_, i) => data[from + i]!)
      return rows.map((text, row) => ({
        tokens: cut(states!, row * positions * size, idsOf(text).length * size),
        text: cut(means!, row * size, size),
      }))
    },
  }
  const encoded = await predict(task, texts, { engine, batchSize: 32 })
  encoder.dispose()
  return encoded
}
