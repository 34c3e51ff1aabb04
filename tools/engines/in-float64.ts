import * as tf from '@tensorflow/tfjs-core'

/**
 * Runs what computes on tfjs's cpu backend in float64: its kernels are JavaScript and keep their numbers in arrays that they
 * make by name. What runs beside it meanwhile would do so too, so nothing else may.
 *
 * @param run is given a function that runs another one in float32 in between
 */
export async function inFloat64<T>(run: (inFloat32: <U>(use: () => U) => U) => Promise<T>): Promise<T> {
  const { platform } = tf.env()
  const { isTypedArray } = platform
  const single = globalThis.Float32Array
  const enter = (): void => {
    globalThis.Float32Array = Float64Array as unknown as typeof single
    // Node's own knows arrays by their kind, not by their name.
    platform.isTypedArray = (array): array is Float32Array => ArrayBuffer.isView(array)
  }
  const leave = (): void => {
    globalThis.Float32Array = single
    platform.isTypedArray = isTypedArray
  }
  enter()
  try {
    return await run(use => {
      leave()
      try {
        return use()
      } finally {
        enter()
      }
    })
  } finally {
    leave()
  }
}
