import { InvalidArgumentError } from '@mafjs/tensor'
import type { WeightType } from '../graph/weight-type'
import { describeProbe, probeInt8 } from '../session/probe-int8'
import { processorName } from './processor-name'

/** How many weights a model has of each type. */
type WeightCounts = Readonly<Record<WeightType, number>>

/** Those of earlier versions, which do not say, have all 8 bits. */
function typesOf(weights: WeightCounts | undefined): WeightType[] {
  if (weights === undefined) return ['int8']
  const types = Object.keys(weights) as WeightType[]
  return types.filter(type => weights[type] > 0)
}

/**
 * Says what computes an int8 model here, in a sentence for a person, after having tried it.
 *
 * @throws InvalidArgumentError where products with its weights come out wrong.
 */
export async function int8Note(folder: string, weights: WeightCounts | undefined): Promise<string> {
  const probe = await probeInt8()
  const wrong = typesOf(weights).find(type => !probe.exact[type])
  if (wrong === undefined) return `int8 on ${processorName()}: ${describeProbe(probe)}.`
  throw new InvalidArgumentError({
    argument: 'model folder',
    rule: `must not need products of bytes with weights of type ${wrong}, which ONNX Runtime computes wrong on ${processorName()}`,
    received: folder,
    fix: "Export it again with quantize: 'int8', or in float32.",
  })
}
