import { type ResizedAxis, resizedPlaces } from '@mafjs/tensor/gradients'
import { constant } from '../graph/nodes'
import { add, cast, gather, mul, sub } from '../graph/operators'
import type { Value } from '../graph/value'
import { lower } from './lower'

interface Resizing extends Pick<ResizedAxis, 'alignCorners' | 'halfPixelCenters'> {
  /** Rows and columns. */
  size: [number, number]
}

/** Each number of the resized axis lies between two of the axis as it was. */
function resized(x: Value, axis: number, how: ResizedAxis): Value {
  const { low, high, share } = resizedPlaces(how)
  const first = gather(x, constant(low, [how.to], 'int32'), axis)
  if (how.isNearest) return first
  const second = gather(x, constant(high, [how.to], 'int32'), axis)
  const shares = constant(
    share,
    x.shape.slice(axis).map((_, i) => (i === 0 ? how.to : 1)),
    'float32',
  )
  return add(first, mul(sub(second, first), shares))
}

const bothAxes = (
  images: Value,
  isNearest: boolean,
  { size, alignCorners, halfPixelCenters }: Resizing,
): Value =>
  // Columns before rows, as tfjs does it.
  [2, 1].reduce(
    (x, axis) =>
      resized(x, axis, {
        ...{ from: images.shape[axis]!, to: size[axis - 1]!, isNearest },
        ...{ alignCorners, halfPixelCenters },
      }),
    images,
  )

lower<Resizing>('ResizeBilinear', ({ images }, how) => bothAxes(cast(images!, 'float32'), false, how))
lower<Resizing>('ResizeNearestNeighbor', ({ images }, how) => bothAxes(images!, true, how))
