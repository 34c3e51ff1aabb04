import { InvalidArgumentError } from '@mafjs/tensor'

/** How some of the parameters are trained. */
export interface ParameterGroupSettings {
  /**
   * Which: an alias of the task, a name, the beginning of names up to a dot such as `head` or `text_encoder.embeddings`, or a
   * pattern in which `*` is any characters.
   */
  parameters: string
  /** Highest learning rate. @default the run's */
  learningRate?: number | undefined
  /** @default the run's */
  weightDecay?: number | undefined
  /** Whether they stay as they are. @default false */
  frozen?: boolean | undefined
}

/** The knobs of a run; the defaults are the paper's. */
export interface TrainingSettings {
  /** Passes over the training split. @default 24, as the paper has it for Twitter-2015 */
  epochs?: number | undefined
  /** Rows per step. @default 64 */
  batchSize?: number | undefined
  /** Highest learning rate, reached after the warm-up. @default 5e-5 */
  learningRate?: number | undefined
  /** Share of the steps in which the learning rate rises. @default 0.1 */
  warmup?: number | undefined
  /** Decoupled weight decay; biases and layer norms have none. @default 0.01 */
  weightDecay?: number | undefined
  /** Largest norm of the gradients. @default 1 */
  clip?: number | undefined
  /** Of all gradients together, or of each tensor by itself. @default by optimizer: 'global-norm', or 'per-tensor' */
  clipBy?: 'global-norm' | 'per-tensor' | undefined
  /**
   * How the learning rate goes on after the warm-up: down to 0 in a line or along a cosine, not at all, or as the published
   * code has it.
   * @default by optimizer: 'linear', or 'published'
   */
  schedule?: 'linear' | 'cosine' | 'constant' | 'published' | undefined
  /** Parameters with rates of their own, or frozen; the first that matches a name decides. @default none */
  groups?: readonly ParameterGroupSettings[] | undefined
  /**
   * Factor of the learning rate for every layer from the top downwards, on top of `groups`, where the task has layers.
   * @default 1
   */
  layerDecay?: number | undefined
  /**
   * Parts that every batch is computed in, one after another, for a batch that does not fit into memory. The gradients are
   * those of the whole batch up to rounding; but what compares or exchanges rows does so within a part only.
   * @default 1
   */
  accumulate?: number | undefined
  /** Epochs without a better validation score after which the run ends. @default null, never */
  patience?: number | null | undefined
  /** Seed of the order of the rows, of what collating draws and of the dropout. @default 37 */
  seed?: number | undefined
  /**
   * `adamw`: AdamW, a linear schedule floored at 0, clipping by the global norm; `published`: what the published code
   * does (no bias correction, its own schedule, clipping per tensor).
   * @default 'adamw'
   */
  optimizer?: 'adamw' | 'published' | undefined
}

/** Every setting of a run. */
export type CompleteSettings = {
  [Name in keyof TrainingSettings]-?: Exclude<TrainingSettings[Name], undefined>
}

const isCount = (value: number): boolean => Number.isInteger(value) && value > 0
const isShare = (value: number): boolean => Number.isFinite(value) && value >= 0
const isPositive = (value: number): boolean => Number.isFinite(value) && value > 0

const oneOf =
  (...names: string[]) =>
  (name: string): boolean =>
    names.includes(name)

/** What each setting must be. */
const RULES: { [Name in keyof CompleteSettings]: [(value: never) => boolean, string] } = {
  epochs: [isCount, 'must be a positive whole number'],
  batchSize: [isCount, 'must be a positive whole number'],
  learningRate: [isPositive, 'must be a positive finite number'],
  warmup: [(share: number) => share >= 0 && share <= 1, 'must be in [0, 1]'],
  weightDecay: [isShare, 'must be a finite number, 0 or more'],
  clip: [isPositive, 'must be a positive finite number'],
  clipBy: [oneOf('global-norm', 'per-tensor'), "must be 'global-norm' or 'per-tensor'"],
  schedule: [
    oneOf('linear', 'cosine', 'constant', 'published'),
    "must be 'linear', 'cosine', 'constant' or 'published'",
  ],
  groups: [Array.isArray, 'must be a list of groups'],
  layerDecay: [(factor: number) => factor > 0 && factor <= 1, 'must be above 0 and at most 1'],
  accumulate: [isCount, 'must be a positive whole number'],
  patience: [
    (epochs: number | null) => epochs === null || isCount(epochs),
    'must be a positive whole number, or null',
  ],
  seed: [(seed: number) => Number.isSafeInteger(seed) && seed >= 0, 'must be a whole number, 0 or more'],
  optimizer: [oneOf('adamw', 'published'), "must be 'adamw' or 'published'"],
}

/**
 * Every setting with its default filled in.
 *
 * @throws InvalidArgumentError naming the setting that is out of range.
 */
export function completeSettings({
  epochs = 24,
  batchSize = 64,
  learningRate = 5e-5,
  warmup = 0.1,
  weightDecay = 0.01,
  clip = 1,
  seed = 37,
  optimizer = 'adamw',
  clipBy = optimizer === 'published' ? 'per-tensor' : 'global-norm',
  schedule = optimizer === 'published' ? 'published' : 'linear',
  groups = [],
  layerDecay = 1,
  accumulate = 1,
  patience = null,
}: TrainingSettings = {}): CompleteSettings {
  const complete: CompleteSettings = {
    epochs,
    batchSize,
    learningRate,
    warmup,
    weightDecay,
    clip,
    clipBy,
    schedule,
    groups,
    layerDecay,
    accumulate,
    patience,
    seed,
    optimizer,
  }
  for (const name of Object.keys(RULES) as (keyof typeof RULES)[]) {
    const [holds, rule] = RULES[name]
    const value = complete[name]
    if (!holds(value as never)) {
      throw new InvalidArgumentError({ argument: name, rule, received: String(value) })
    }
  }
  for (const [index, group] of groups.entries()) assertGroup(group, `groups[${index}]`)
  return complete
}

/** What each field of a group must be, where it is given. */
const GROUP_RULES: { [Name in keyof ParameterGroupSettings]-?: [(value: never) => boolean, string] } = {
  parameters: [(pattern: string) => typeof pattern === 'string' && pattern !== '', 'must name parameters'],
  learningRate: [isPositive, 'must be a positive finite number'],
  weightDecay: [isShare, 'must be a finite number, 0 or more'],
  frozen: [(value: boolean) => typeof value === 'boolean', 'must be true or false'],
}

function assertGroup(group: ParameterGroupSettings, argument: string): void {
  const given = { ...group, parameters: group.parameters }
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(GROUP_RULES, name)
      ? GROUP_RULES[name as keyof ParameterGroupSettings]
      : undefined
    if (!rule) {
      throw new InvalidArgumentError({
        argument: `${argument}.${name}`,
        rule: `must not be there: a group has ${Object.keys(GROUP_RULES).join(', ')}`,
        received: value,
      })
    }
    if (value === undefined && name !== 'parameters') continue
    if (!rule[0](value as never)) {
      throw new InvalidArgumentError({ argument: `${argument}.${name}`, rule: rule[1], received: value })
    }
  }
  if (group.frozen && (group.learningRate !== undefined || group.weightDecay !== undefined)) {
    throw new InvalidArgumentError({
      argument,
      rule: 'must have no learningRate and no weightDecay where it is frozen',
      received: group,
    })
  }
}
