import { constant, heUniform, type ParameterSpec } from '@mafjs/tensor'

/** The parameters of a batch norm, with PyTorch's names; its statistics are never trained. */
export const batchNormSpecs = (
  name: string,
  channels: number,
  trainable: boolean,
): Record<string, ParameterSpec> => ({
  [`${name}.weight`]: { shape: [channels], initializer: constant(1), trainable },
  [`${name}.bias`]: { shape: [channels], initializer: constant(0), trainable },
  [`${name}.running_mean`]: { shape: [channels], initializer: constant(0), trainable: false },
  [`${name}.running_var`]: { shape: [channels], initializer: constant(1), trainable: false },
})

/** The weight of a convolution without a bias, `[out, in, size, size]`. */
export const convolutionSpecs = (
  name: string,
  [outSize, inSize, size]: readonly [number, number, number],
  trainable: boolean,
): Record<string, ParameterSpec> => ({
  [`${name}.weight`]: { shape: [outSize, inSize, size, size], initializer: heUniform, trainable },
})
