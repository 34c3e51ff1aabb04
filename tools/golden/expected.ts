import type { Values } from '../engine/computer'
import { readJson } from './golden-files'

/** The settings a set of losses was computed with, in the words of the published code. */
export interface Hyper {
  temp: number
  temp_lamb: number
  lamb: number
  negative_rate: number | null
}

/** The losses the published code reports. */
export type Losses = Record<(typeof LOSSES)[number], number>

/** `expected.json` of a model folder. */
export interface Expected {
  config: Record<string, number> & { hidden_act: string }
  labels: string[]
  lengths: number[]
  hyper: Hyper
  losses: Losses
  losses_f32_run: Losses
  decoded_eval: number[][]
  params_without_grad: string[]
  extra_losses: { hyper: Hyper; losses: Losses; match_labels: number[] }[]
  bertadam: Record<
    'lr' | 'warmup' | 't_total' | 'b1' | 'b2' | 'e' | 'max_grad_norm' | 'weight_decay' | 'steps',
    number
  > & {
    trajectory: { step: number; losses_before_step: Losses }[]
    losses_after_last_step: Losses
    f32_run_totals: number[]
  }
  f32_vs_f64_max_abs_diff_and_max_abs: Record<string, [number, number]>
  grad_f32_vs_f64_max_abs_diff_and_max_abs: Record<string, [number, number]>
}

/** Their names. */
export const LOSSES = [
  'total',
  'main_crf_nll',
  'matching_ce',
  'contrastive',
  'text_to_image_sum',
  'image_to_text_sum',
] as const

/** The parts of `expected.json` without which nothing can be compared. */
const NEEDED = [
  ...(['config', 'labels', 'lengths', 'hyper', 'losses', 'decoded_eval'] as const),
  ...(['params_without_grad', 'extra_losses', 'bertadam'] as const),
]

/**
 * Reads the `expected.json` of a model folder.
 *
 * @throws Error naming every part that it lacks.
 */
export function readExpected(path: string): Expected {
  const expected = readJson<Expected>(path)
  const lacking = NEEDED.filter(part => expected?.[part] === undefined)
  if (lacking.length > 0) throw new Error(`${path} lacks ${lacking.join(', ')}.`)
  return expected
}

/** The losses among what a program computed, as numbers. */
export const lossValues = (computed: Readonly<Record<string, Values>>): Record<string, number> =>
  Object.fromEntries(LOSSES.map(name => [name, computed[name]!.values[0]!]))
