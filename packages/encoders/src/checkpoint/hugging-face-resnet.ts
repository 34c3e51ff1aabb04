import { InvalidArgumentError } from '@mafjs/tensor'
import { completeResNetConfig, EXPANSION, type ResNetConfig } from '../image/resnet-config'
import type { JsonObject } from './read-json'

/**
 * Checks that the `config.json` of Hugging Face's `ResNetModel` says what the tensors show, and nothing that is not computed here.
 *
 * @throws InvalidArgumentError naming the field.
 */
export function checkHuggingFaceResNet(json: JsonObject, config: ResNetConfig, source: string): void {
  const { block, layers, width } = completeResNetConfig(config)
  const expected: Record<string, unknown> = {
    depths: layers,
    hidden_sizes: [0, 1, 2, 3].map(stage => width * 2 ** stage * EXPANSION[block]),
    embedding_size: width,
    layer_type: block,
    hidden_act: 'relu',
    num_channels: 3,
    downsample_in_bottleneck: false,
    downsample_in_first_stage: false,
  }
  for (const [field, value] of Object.entries(expected)) {
    const stated = json[field]
    if (stated === undefined || JSON.stringify(stated) === JSON.stringify(value)) continue
    throw new InvalidArgumentError({
      argument: `${source}: ${field}`,
      rule: `must be ${JSON.stringify(value)}, as the tensors and this encoder are`,
      received: stated,
      fix: 'Take the config.json that belongs to the weights, or export the model to ONNX.',
    })
  }
}
