import { describeEngine } from '@mafjs/compile/engine'
import type { MafAnnotator } from '@mafjs/ner-maf'

/**
 * What a person is told of a model before its answers.
 *
 * @param unnamed what is used since no model was named
 */
export function remarksOf(
  { engine, notes, types, extraTensors }: MafAnnotator,
  unnamed: string | undefined,
): string[] {
  return [
    ...(unnamed === undefined ? [] : [`No model was named: ${unnamed}, for ${types.join(', ')}.`]),
    describeEngine(engine),
    ...notes,
    ...(extraTensors.length > 0
      ? [`The model has no place for these tensors of its file: ${extraTensors.join(', ')}.`]
      : []),
  ]
}
