import type { GradConfig, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { unaryGradient } from './gradient'

/** How one axis of a picture is resized. */
export interface ResizedAxis {
  /** Its length before. */
  from: number
  /** Its length after. */
  to: number
  alignCorners: boolean
  halfPixelCenters: boolean
  /** Whether each place is the nearest one, not a mean of the two beside it. */
  isNearest: boolean
}

/** For every place of a resized axis the two it is a mean of, and the share of the second. */
export interface ResizedPlaces {
  low: Int32Array
  high: Int32Array
  share: Float32Array
}

/** Where the numbers of a resized axis come from, as tfjs has it. */
export function resizedPlaces({
  from,
  to,
  alignCorners,
  halfPixelCenters,
  isNearest,
}: ResizedAxis): ResizedPlaces {
  const places = { low: new Int32Array(to), high: new Int32Array(to), share: new Float32Array(to) }
  const isAligned = alignCorners && to > 1
  const ratio = isAligned ? (from - 1) / (to - 1) : from / to
  for (let i = 0; i < to; i++) {
    if (isNearest) {
      const at = ratio * (halfPixelCenters ? i + 0.5 : i)
      const nearest = Math.min(from - 1, alignCorners ? Math.round(at) : Math.floor(at))
      places.low[i] = nearest
      places.high[i] = nearest
      continue
    }
    const at = halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i
    const low = Math.max(0, Math.floor(at))
    places.low[i] = low
    places.high[i] = Math.max(0, Math.min(from - 1, Math.ceil(at)))
    places.share[i] = at - low
  }
  return places
}

/** What each place before gives to each place after, `[1, from, to]`. */
function sharesOf(axis: ResizedAxis): Tensor {
  const { low, high, share } = resizedPlaces(axis)
  const shares = new Float32Array(axis.from * axis.to)
  for (let i = 0; i < axis.to; i++) {
    shares[low[i]! * axis.to + i]! += 1 - share[i]!
    shares[high[i]! * axis.to + i]! += share[i]!
  }
  return tf.tensor(shares, [1, axis.from, axis.to])
}

/** Resizing is linear in each axis, and so is its gradient: a product with the same shares, turned round. */
const resizing = (kernelName: string, isNearest: boolean): GradConfig =>
  unaryGradient(
    kernelName,
    (dy, [images], { alignCorners, halfPixelCenters }) => {
      const [batch, height, width, channels] = images!.shape as [number, number, number, number]
      const [, rows, columns] = dy.shape as [number, number, number, number]
      const how = {
        alignCorners: alignCorners as boolean,
        halfPixelCenters: halfPixelCenters as boolean,
        isNearest,
      }
      const tall = tf.matMul(
        sharesOf({ from: height, to: rows, ...how }),
        tf.reshape(dy, [batch, rows, columns * channels]),
      )
      const whole = tf.matMul(
        sharesOf({ from: width, to: columns, ...how }),
        tf.reshape(tall, [batch * height, columns, channels]),
      )
      return tf.reshape(whole, images!.shape)
    },
    { input: 'images' },
  )

/** The gradients of kernels that resize pictures. */
export const resizingGradients: readonly GradConfig[] = [
  resizing('ResizeBilinear', false),
  resizing('ResizeNearestNeighbor', true),
]
