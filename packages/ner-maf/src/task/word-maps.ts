import {
  type AttentionMap,
  attentionMaps,
  type GateSummary,
  gateSummaries,
  type Numbers,
  type WordPlace,
} from '@mafjs/explain'

/** What a model looked at for a word; null is what it has not, or was not asked for. */
export interface WordMaps {
  gate: GateSummary | null
  /** Over the regions of all the post's pictures. */
  attention: AttentionMap | null
}

/** The maps of words from those of a batch. */
export function wordMaps(
  { gate, attention }: { gate?: Numbers; attention?: Numbers },
  places: readonly WordPlace[],
): WordMaps[] {
  const gates = gate && gateSummaries(gate, places)
  const looks = attention && attentionMaps(attention, places)
  return places.map((_, word) => ({ gate: gates?.[word] ?? null, attention: looks?.[word] ?? null }))
}
