import {
  assertEncoding,
  assertSizes,
  createParameters,
  disposeParameters,
  type Encoding,
  linearSpecs,
  type Module,
} from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { type TemplateNameOutputs, templateName } from './template-name'

/** The options of `createTemplateName`. */
export interface TemplateNameOptions {
  /** Channels of the states, and of the summary. */
  hidden: number
  /** Seed of the first parameter values. @default 0 */
  seed?: number
}

/** What the module reads. */
export interface TemplateNameModuleInputs {
  /** Any modality. */
  input: Encoding
}

/**
 * A learned summary of one modality, from the mean of its real positions.
 *
 * @throws InvalidArgumentError for an option out of range.
 */
export function createTemplateName({
  hidden,
  seed = 0,
}: TemplateNameOptions): Module<
  TemplateNameModuleInputs,
  TemplateNameOutputs,
  Required<TemplateNameOptions>
> {
  assertSizes({ hidden })
  const parameters = createParameters(linearSpecs('dense', hidden, hidden), seed)
  return {
    config: { hidden, seed },
    apply: ({ input }) =>
      tf.tidy(() => {
        assertEncoding('input', input, 'positions', hidden)
        return templateName({
          states: input.states,
          mask: input.mask,
          weight: parameters['dense.weight'],
          bias: parameters['dense.bias'],
        })
      }),
    parameters: () => ({ ...parameters }),
    dispose: () => disposeParameters(parameters),
  }
}
