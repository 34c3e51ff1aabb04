import type { HostArray } from '@mafjs/compile'
import type { BatchPictures } from '../model/batch-arrays'

/** The pictures of a batch for other rows: of each the place of its post among those the pictures were loaded for. */
export function pictureRows(pictures: BatchPictures, posts: readonly number[]): BatchPictures {
  const batch = pictures.present.length
  if (posts.length === batch && posts.every((post, row) => post === row)) return pictures
  const rowsOf = (data: Float32Array): Float32Array => {
    const size = data.length / batch
    const rows = new Float32Array(posts.length * size)
    for (const [row, post] of posts.entries()) {
      rows.set(data.subarray(post * size, (post + 1) * size), row * size)
    }
    return rows
  }
  const present = rowsOf(pictures.present)
  if (!('states' in pictures)) return { pixels: rowsOf(pictures.pixels), present }
  const arrayOf = ({ data, shape: [, ...rest] }: HostArray<Float32Array>): HostArray<Float32Array> => ({
    data: rowsOf(data),
    shape: [posts.length, ...rest],
  })
  const { states, summary, mask } = pictures
  return { states: arrayOf(states), summary: arrayOf(summary), mask: arrayOf(mask), present }
}
