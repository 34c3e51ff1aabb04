import type { DecodedPictures } from '@mafjs/data'
import { type SeenPicture, seenPicture } from '@mafjs/encoders'
import type { AnnotateOptions } from './annotation'
import type { ExplainerParts } from './explain-post'

/** Pictures as the model takes them, and as a person sees them. */
export interface ShownPictures extends DecodedPictures {
  /** Of each that could be read. */
  seen: (SeenPicture & { name: string })[]
}

export const NO_PICTURES: ShownPictures = { pictures: [], skipped: [], seen: [] }

/** Decodes pictures and finds out what of each the model sees. */
export async function showPictures(
  sources: readonly (string | Uint8Array)[],
  { decode, preparation }: Pick<ExplainerParts, 'decode' | 'preparation'>,
  options: AnnotateOptions,
): Promise<ShownPictures> {
  if (!preparation || sources.length === 0) return NO_PICTURES
  const decoded = await decode({ sources }, options)
  const left = new Set(decoded.skipped.map(({ picture }) => picture))
  const named = sources.map((source, i) => ({
    source,
    name: typeof source === 'string' ? source : `images[${i}]`,
  }))
  const read = named.filter(({ name }) => !left.has(name))
  const seen = read.map(async ({ source, name }) => ({ name, ...(await seenPicture(source, preparation)) }))
  return { ...decoded, seen: await Promise.all(seen) }
}
