import { createRowReader, filesOf, type PictureFolder } from '../pictures/broken-picture'
import type { Pictures } from '../pictures/pictures'
import { batchFeatures, type EncodedPictures } from './batch-features'
import type { FeatureCounts } from './feature-counts'
import { createFeatureFinder, type FeatureFinderOptions, type Search } from './find-features'

/** Where a batch's features come from. */
export interface FeatureStoreOptions extends FeatureFinderOptions, PictureFolder {}

/** Gives the features of the pictures of batch after batch. */
export interface FeatureStore extends Pictures<EncodedPictures> {
  /** Where they came from so far. */
  counts(): FeatureCounts
}

/** A store of features. */
export function createFeatureStore({
  onBrokenPicture,
  broken,
  ...options
}: FeatureStoreOptions): FeatureStore {
  const finder = createFeatureFinder(options)
  /** What was asked for ahead, until it is fetched: memory may have no room for it. */
  const begun = new Map<string, Search>()
  const { images } = options
  // What is broken is said here, not where it is found: what was only read ahead is no part of the run yet.
  const reader = createRowReader({ images, onBrokenPicture, broken }, file => {
    const { found } = begun.get(file) ?? finder.find(file)
    begun.delete(file)
    return found
  })

  return {
    async load(posts) {
      const { rows, places } = await reader.rows(posts)
      return batchFeatures(rows, await finder.none(), places)
    },
    async ahead(posts) {
      const asked = filesOf(posts).filter(file => !reader.isBroken(file) && !begun.has(file))
      for (const file of asked) begun.set(file, finder.find(file))
      await Promise.all(asked.map(file => begun.get(file)?.begun))
    },
    broken: reader.broken,
    counts: () => ({ ...finder.counts(), broken: reader.broken().length }),
    async dispose() {
      begun.clear()
      await finder.dispose()
    },
  }
}
