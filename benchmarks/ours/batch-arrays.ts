import type { HostArray } from '@mafjs/compile'
import type { BatchArrays } from '@mafjs/ner-maf'
import type { StoredBatch } from './stored-batches'

/** Regions of a ResNet's map. */
const REGIONS = 49

/** One batch with who is given whose picture, as `MafInputs` in arrays, so that no backend holds them. */
export interface RaceBatch extends BatchArrays {
  exchanges?: {
    partners: HostArray<Int32Array>
    labels: HostArray<Float32Array>
    again?: Record<'rows' | 'pictures' | 'places', HostArray<Int32Array>>
  }
}

/** A stored batch as a compiled model reads it; what the file does not hold is left out. */
export function batchArrays(batch: StoredBatch): RaceBatch {
  const found = <Data extends Float32Array | Int32Array>(name: string): HostArray<Data> | undefined => {
    const stored = batch[name]
    return stored && { data: stored.values as Data, shape: stored.shape }
  }
  const needed = <Data extends Float32Array | Int32Array = Float32Array>(name: string): HostArray<Data> => {
    const array = found<Data>(name)
    if (array) return array
    throw new Error(`The batch holds no "${name}".`)
  }
  const arrays: RaceBatch = {
    text: { ids: needed<Int32Array>('ids'), mask: needed('mask') },
    image: batch['regions']
      ? { states: needed('regions'), summary: needed('summary'), mask: allRegions(batch) }
      : { pixels: needed('pixels'), present: needed('present') },
  }
  if (batch['firstPieces']) {
    arrays.firstPieces = needed('firstPieces')
    arrays.wordMask = needed('wordMask')
  }
  if (batch['labels']) arrays.labels = needed<Int32Array>('labels')
  if (batch['partners']) {
    const { shape, values } = batch['matched']!
    arrays.exchanges = {
      partners: needed<Int32Array>('partners'),
      labels: { data: Float32Array.from(values), shape },
    }
    if (batch['rows']) {
      arrays.exchanges.again = {
        rows: needed<Int32Array>('rows'),
        pictures: needed<Int32Array>('pictures'),
        places: needed<Int32Array>('places'),
      }
    }
  }
  return arrays
}

function allRegions(batch: StoredBatch): HostArray<Float32Array> {
  const [rows] = batch['ids']!.shape as [number]
  return { data: new Float32Array(rows * REGIONS).fill(1), shape: [rows, REGIONS] }
}
