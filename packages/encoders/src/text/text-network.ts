import type { ApplyOptions, ParameterSpec, Parameters } from '@mafjs/tensor'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import { bertSpecs, bertStates } from './bert'
import { modernBertSpecs, modernBertStates } from './modern-bert'
import type { CompleteTextEncoderConfig } from './text-encoder-config'
import { TEXT_ENCODER_TRAITS, type TextEncoderTraits } from './text-encoder-traits'
import type { TextInputs } from './token-batch'

/** What encodes tokens: its parameters, and a function of them. */
export interface TextNetwork {
  specs(config: CompleteTextEncoderConfig): Record<string, ParameterSpec>
  /** @returns `[batch, positions, hidden]` */
  states(
    inputs: TextInputs,
    parameters: Parameters,
    config: CompleteTextEncoderConfig,
    options: ApplyOptions,
  ): Tensor3D
}

const NETWORKS: Readonly<Record<TextEncoderTraits['network'], TextNetwork>> = {
  bert: { specs: bertSpecs, states: bertStates },
  modernbert: { specs: modernBertSpecs, states: modernBertStates },
}

/** The network of a configuration's kind. */
export const networkOf = ({ kind }: CompleteTextEncoderConfig): TextNetwork =>
  NETWORKS[TEXT_ENCODER_TRAITS[kind].network]
