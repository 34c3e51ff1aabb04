import type { AttentionMap, ExplainedWord, Explanation } from './explanation'

/** A list of numbers in a byte each: the largest size, and base64 of 128 + 127 times its parts. */
export type PackedList = [most: number, bytes: string]

/** A word whose maps are packed. */
export interface PackedWord extends Omit<ExplainedWord, 'attention' | 'occlusion'> {
  attention: { mean: PackedList; heads: PackedList[] } | null
  occlusion: PackedList | null
}

/** An explanation as small as eyes need it: maps in a byte for each region, other numbers in three or four digits. */
export interface PackedExplanation extends Omit<Explanation, 'words'> {
  words: PackedWord[]
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

function packList(values: readonly number[]): PackedList {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  const bytes = values.map(value =>
    String.fromCharCode(128 + Math.round((most > 0 ? value / most : 0) * 127)),
  )
  return [Number(most.toPrecision(4)), btoa(bytes.join(''))]
}

const unpackList = ([most, bytes]: PackedList): number[] =>
  Array.from(atob(bytes), sign => ((sign.charCodeAt(0) - 128) / 127) * most)

const packAttention = ({ mean, heads }: AttentionMap): PackedWord['attention'] => ({
  mean: packList(mean),
  heads: heads.map(packList),
})

function packWord({ probabilities, gate, attention, occlusion, ...word }: ExplainedWord): PackedWord {
  return {
    ...word,
    probabilities: probabilities === null ? null : probabilities.map(value => rounded(value, 4)),
    gate: gate && {
      mean: rounded(gate.mean, 3),
      quantiles: gate.quantiles.map(value => rounded(value, 3)) as typeof gate.quantiles,
    },
    attention: attention && packAttention(attention),
    occlusion: occlusion && packList(occlusion),
  }
}

/** Packs an explanation for a page: what is drawn from it is the same to the eye, at a tenth of the size. */
export const packExplanation = ({ words, ...explanation }: Explanation): PackedExplanation => ({
  ...explanation,
  words: words.map(packWord),
})

/** An explanation as it was packed; its maps are exact to a 254th of their largest value. */
export const unpackExplanation = ({ words, ...explanation }: PackedExplanation): Explanation => ({
  ...explanation,
  words: words.map(({ attention, occlusion, ...word }) => ({
    ...word,
    attention: attention && { mean: unpackList(attention.mean), heads: attention.heads.map(unpackList) },
    occlusion: occlusion && unpackList(occlusion),
  })),
})
