import { join } from 'node:path'
import {
  type BrokenPicture,
  brokenReason,
  type Example,
  picturesOf,
  refuseBroken,
  sortedBroken,
} from '@mafjs/data'
import type { EncodedPictures } from '../model/batch-arrays'
import { batchFeatures } from './batch-features'
import type { FeatureCounts } from './feature-counts'
import type { Features } from './features'
import { createFeatureFinder, type FeatureFinderOptions, type Search } from './find-features'

/** Where a batch's features come from. */
export interface FeatureStoreOptions extends FeatureFinderOptions {
  /** Whether a picture that cannot be decoded is an error. @default false */
  strict?: boolean
  /** Pictures that are known to be broken, of an earlier part of the same run. @default none */
  broken?: readonly BrokenPicture[]
}

/** What of a post says which pictures it has. */
export type Pictured = Pick<Example, 'image' | 'images'>

/** Gives the features of the pictures of batch after batch. */
export interface FeatureStore {
  /** @throws InvalidArgumentError for a picture that cannot be decoded, with `strict`. */
  loadBatch(examples: readonly Pictured[]): Promise<EncodedPictures>
  /** Begins to read what the next call of `loadBatch` will ask for. */
  readAhead(examples: readonly Pictured[]): Promise<void>
  /** The broken pictures that were asked for, by name. */
  broken(): BrokenPicture[]
  counts(): FeatureCounts
  /** Frees the encoder and the memory. */
  dispose(): Promise<void>
}

const filesOf = (examples: readonly Pictured[]): string[] => [...new Set(examples.flatMap(picturesOf))]

/**
 * A store of features. A broken picture is reported once and its posts are read as posts without a picture, so that training
 * goes on.
 */
export function createFeatureStore({
  strict = false,
  broken: known = [],
  ...options
}: FeatureStoreOptions): FeatureStore {
  const finder = createFeatureFinder(options)
  const broken = new Map(known.map(picture => [picture.file, picture]))
  /** What was asked for ahead, until it is fetched: memory may have no room for it. */
  const ahead = new Map<string, Search>()

  const fetch = async (file: string): Promise<Features | undefined> => {
    if (broken.has(file)) return undefined
    const { found } = ahead.get(file) ?? finder.find(file)
    ahead.delete(file)
    try {
      return await found
    } catch (error) {
      const path = join(options.images, file)
      // Said here, not where it is found: what was only read ahead is no part of the run yet.
      const reason = brokenReason(error, path)
      if (strict) refuseBroken(path, reason)
      broken.set(file, { file, reason })
      return undefined
    }
  }

  return {
    async loadBatch(examples) {
      const files = filesOf(examples)
      const found = new Map(await Promise.all(files.map(async file => [file, await fetch(file)] as const)))
      const rows = examples.map(example => picturesOf(example).flatMap(file => found.get(file) ?? []))
      // Room for what is named, not for what is whole: a broken picture changes no shape.
      const places = Math.max(1, ...examples.map(example => picturesOf(example).length))
      return batchFeatures(rows, await finder.none(), places)
    },
    async readAhead(examples) {
      const asked = filesOf(examples).filter(file => !broken.has(file) && !ahead.has(file))
      for (const file of asked) ahead.set(file, finder.find(file))
      await Promise.all(asked.map(file => ahead.get(file)?.begun))
    },
    broken: () => sortedBroken(broken.values()),
    counts: () => ({ ...finder.counts(), broken: broken.size }),
    async dispose() {
      ahead.clear()
      await finder.dispose()
    },
  }
}
