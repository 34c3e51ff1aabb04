import { stat } from 'node:fs/promises'
import { readDataset, type SplitName } from './dataset'
import type { OnBrokenPicture } from './pictures/broken-picture'
import type { Post, Split } from './posts/post'
import type { SplitterName } from './posts/split-words'
import { type ReadingOptions, readingOf } from './reading/reading-options'

/** Where posts are read from. */
export interface ReadSplitsOptions extends ReadingOptions {
  /** A data folder, or one file. */
  data: string
  images?: string | undefined
  /** A file, or a folder with a training split. @default the training split of the data folder */
  train?: string | undefined
  /** Which split of a folder. @default 'test' */
  split?: SplitName | undefined
  /** What a missing picture does. @default 'skip' */
  onBrokenPicture?: OnBrokenPicture | undefined
}

/** The split to be scored, and the training split where there is one. */
export interface ReadSplits {
  split: Split
  train?: readonly Post[]
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  )

/**
 * Reads labelled posts, and those whose entities count as seen, as a model was trained to read them.
 *
 * @throws InvalidArgumentError for what is missing or cannot be read without loss.
 */
export async function readSplits(
  { data, images, train, onBrokenPicture, split: name = 'test', ...options }: ReadSplitsOptions,
  { splitter }: { splitter?: SplitterName | undefined },
): Promise<ReadSplits> {
  const reading = { splitter, ...readingOf(options) }
  const dataset = await readDataset({
    data,
    onBrokenPicture,
    ...(images !== undefined && { images }),
    ...reading,
    // One file is the split its name says; whichever that is, it is what was asked for.
    required: (await isFolder(data)) ? [name] : [],
  })
  const split = dataset[name] ?? Object.values(dataset)[0]!
  if (train !== undefined) {
    const required: SplitName[] = (await isFolder(train)) ? ['train'] : []
    const given = await readDataset({ data: train, ...reading, required })
    return { split, train: (given.train ?? Object.values(given)[0]!).examples }
  }
  // Nobody asked for it: where it cannot tell what was seen, or is scored itself, it is left alone.
  const found = dataset.train?.examples
  const isUsable = dataset.train !== split && found?.every(({ labels }) => labels !== undefined)
  return { split, ...(isUsable && { train: found }) }
}
