import { loadWeights } from '@mafjs/encoders'
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** A network of `[batch, size, size, 3]` whose weights are read once. */
export type Network = (pixels: Tensor4D) => Record<string, Tensor>

interface Layer {
  /** `[height, width, in, out]`, or `[height, width, channels, 1]` of a convolution of every channel by itself. */
  filter: Tensor4D
  bias: Tensor
}

/** The convolutions of a file by index; its filters are `[out, in, height, width]`. */
async function layersOf(path: string, name: (index: number, part: string) => string): Promise<Layer[]> {
  const weights = await loadWeights(path)
  const layers: Layer[] = []
  for (let index = 0; index < 100; index++) {
    const weight = weights[name(index, 'weight')]
    if (!weight) continue
    const [outSize, inSize, height, width] = weight.shape as [number, number, number, number]
    const isDepthwise = inSize === 1 && outSize > 1
    const values = weight.values()
    const moved = new Float32Array(values.length)
    for (const [at, value] of values.entries()) {
      const [out, into] = [
        Math.floor(at / (inSize * height * width)),
        Math.floor(at / (height * width)) % inSize,
      ]
      const site = at % (height * width)
      moved[isDepthwise ? site * outSize + out : (site * inSize + into) * outSize + out] = value
    }
    const shape = isDepthwise ? [height, width, outSize, 1] : [height, width, inSize, outSize]
    const bias = weights[name(index, 'bias')]!.values()
    layers[index] = {
      filter: tf.tensor<tf.Rank.R4>(moved, shape as Tensor4D['shape']),
      bias: tf.tensor1d(bias),
    }
  }
  return layers
}

/** SqueezeNet 1.1 (Iandola et al. 2016): the map before its classifier, that map's classifier, and its scores. */
export async function squeezeNet(path: string): Promise<{ network: Network; classifier: Layer }> {
  const layers = await layersOf(path, (index, part) => `squeezenet0_conv${index}_${part}`)
  const convolve = (x: Tensor4D, index: number, stride = 1, pad = 0): Tensor4D => {
    const { filter, bias } = layers[index]!
    return tf.relu(tf.add(tf.conv2d(x, filter, stride, pad), bias)) as Tensor4D
  }
  const fire = (x: Tensor4D, index: number): Tensor4D => {
    const squeezed = convolve(x, index)
    return tf.concat([convolve(squeezed, index + 1), convolve(squeezed, index + 2, 1, 1)], 3)
  }
  const network: Network = pixels => {
    let x = convolve(pixels, 0, 2)
    for (let block = 0; block < 8; block++) {
      if ([0, 2, 4].includes(block)) x = tf.maxPool(x, 3, 2, 'valid')
      x = fire(x, 1 + 3 * block)
    }
    return { features: tf.transpose(x, [0, 3, 1, 2]), scores: tf.mean(convolve(x, 25), [1, 2]) }
  }
  return { network, classifier: layers[25]! }
}

/** The convolutions of MobileNetV2 that halve a map, beside its first. */
const HALVING = [7, 18, 35, 75]

/** MobileNetV2 (Sandler et al. 2018) up to its last map, 7 x 7 x 1280 of 224 x 224. */
export async function mobileNet(path: string): Promise<Network> {
  const layers = await layersOf(path, (index, part) => `conv_${index}_${part}`)
  const convolve = (x: Tensor4D, index: number, isLinear = false): Tensor4D => {
    const { filter, bias } = layers[index]!
    const [size, , inSize] = filter.shape
    const stride = index === 0 || HALVING.includes(index) ? 2 : 1
    const pad = (size - 1) / 2
    const isDepthwise = filter.shape[3] === 1 && inSize > 1
    const map = isDepthwise ? tf.depthwiseConv2d(x, filter, stride, pad) : tf.conv2d(x, filter, stride, pad)
    const shifted = tf.add(map, bias) as Tensor4D
    return isLinear ? shifted : tf.relu6(shifted)
  }
  const indices = Object.keys(layers).map(Number)
  return pixels => {
    let x = convolve(convolve(pixels, 0), 2)
    x = convolve(x, 4, true)
    // Every later block: wider, every channel by itself, narrower, and the sum with what it began with.
    for (let at = 3; at + 2 < indices.length; at += 3) {
      const [wider, alone, narrower] = indices.slice(at, at + 3) as [number, number, number]
      const result = convolve(convolve(convolve(x, wider), alone), narrower, true)
      const isResidual = !HALVING.includes(alone) && result.shape[3] === x.shape[3]
      x = isResidual ? (tf.add(x, result) as Tensor4D) : result
    }
    const features = convolve(x, indices.at(-1)!)
    return { features, pooled: tf.mean(features, [1, 2]) }
  }
}
