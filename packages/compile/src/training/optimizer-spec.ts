import { InvalidArgumentError } from '@mafjs/tensor'
import { createAdamW } from './adamw'
import { createBertAdam } from './bert-adam'
import { type Clipping, clipByGlobalNorm, clipPerTensor, noClipping } from './clipping'
import {
  type FlatOptimizer,
  isDecayedByDefault,
  type OptimizerOptions,
  type ParameterRates,
} from './flat-optimizer'
import type { ParameterStore } from './parameter-store'
import {
  constantSchedule,
  cosineSchedule,
  linearSchedule,
  publishedSchedule,
  type Schedule,
} from './schedules'

/** Parameters that are trained with rates of their own. */
export interface ParameterGroup extends ParameterRates {
  /** Names. */
  parameters: readonly string[]
}

/** An optimiser in plain data, so that it can be made in another thread. */
export interface OptimizerSpec {
  /**
   * `adamw`: Adam with bias correction and decoupled weight decay; `bert-adam`: the same without bias correction, as the
   * published code of BERT has it.
   */
  kind: 'adamw' | 'bert-adam'
  /** Highest learning rate. */
  learningRate: number
  /** How the learning rate changes over `total` steps, the share `warmup` of which it rises. @default constant */
  schedule?:
    | { kind: 'linear' | 'cosine' | 'constant' | 'published'; total: number; warmup?: number }
    | { kind: 'constant' }
  /** @default none */
  clipping?: { kind: 'global-norm' | 'per-tensor'; limit: number } | { kind: 'none' }
  /** @default 0.01 */
  weightDecay?: number
  /** Names of the parameters that do not decay. @default biases and layer norms */
  undecayed?: readonly string[]
  /** Parameters with rates of their own. @default none */
  groups?: readonly ParameterGroup[]
  /** @default 0.9 */
  beta1?: number
  /** @default 0.999 */
  beta2?: number
  /** @default 1e-8 for adamw, 1e-6 for bert-adam */
  epsilon?: number
}

/**
 * Makes the optimiser that a specification names.
 *
 * @throws InvalidArgumentError for a kind it does not know, or a group with a parameter that the store has not, or that
 * is in another group already.
 */
export function createOptimizer(store: ParameterStore, spec: OptimizerSpec): FlatOptimizer {
  const {
    kind,
    schedule = { kind: 'constant' },
    clipping = { kind: 'none' },
    undecayed,
    groups = [],
    ...numbers
  } = spec
  const kept = undecayed && new Set(undecayed)
  const rates = ratesOf(store, groups)
  const options: OptimizerOptions = {
    ...numbers,
    schedule: scheduleOf(schedule),
    clipping: clippingOf(clipping),
    isDecayed: kept ? name => !kept.has(name) : isDecayedByDefault,
    groupOf: name => rates.get(name),
  }
  if (kind === 'adamw') return createAdamW(store, options)
  if (kind === 'bert-adam') return createBertAdam(store, options)
  throw unknown('optimizer.kind', 'adamw or bert-adam', kind)
}

/** The rates of every parameter that is in a group. */
function ratesOf(store: ParameterStore, groups: readonly ParameterGroup[]): Map<string, ParameterRates> {
  const rates = new Map<string, ParameterRates>()
  for (const [index, { parameters, ...own }] of groups.entries()) {
    for (const name of parameters) {
      store.get(name)
      if (rates.has(name)) {
        throw new InvalidArgumentError({
          argument: `optimizer.groups[${index}]`,
          rule: 'must have parameters that are in no other group',
          received: name,
        })
      }
      rates.set(name, own)
    }
  }
  return rates
}

function scheduleOf(schedule: NonNullable<OptimizerSpec['schedule']>): Schedule {
  if (schedule.kind === 'constant') return constantSchedule('total' in schedule ? schedule : undefined)
  if (schedule.kind === 'cosine') return cosineSchedule(schedule)
  if (schedule.kind === 'linear') return linearSchedule(schedule)
  if (schedule.kind === 'published') return publishedSchedule(schedule)
  throw unknown('optimizer.schedule.kind', 'linear, cosine, constant or published', schedule)
}

function clippingOf(clipping: NonNullable<OptimizerSpec['clipping']>): Clipping {
  if (clipping.kind === 'none') return noClipping()
  if (clipping.kind === 'global-norm') return clipByGlobalNorm(clipping.limit)
  if (clipping.kind === 'per-tensor') return clipPerTensor(clipping.limit)
  throw unknown('optimizer.clipping.kind', 'global-norm, per-tensor or none', clipping)
}

const unknown = (argument: string, names: string, received: unknown): InvalidArgumentError =>
  new InvalidArgumentError({ argument, rule: `must be ${names}`, received })
