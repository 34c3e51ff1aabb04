import type { ParameterGroup } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { ParameterGroupSettings } from './settings'

/** What tells the parameters of a run apart. */
export interface GroupingOptions {
  /** Names of all parameters that could be trained. */
  names: readonly string[]
  /** Layers of the text encoder. */
  textLayers: number
  learningRate: number
  layerDecay: number
  groups: readonly ParameterGroupSettings[]
}

/** The parameters of a run by how they are trained. */
export interface ParameterGroups {
  groups: ParameterGroup[]
  frozen: string[]
}

const isEncoders = (name: string): boolean => /^(text|image)_encoder\./.test(name)
const isCrf = (name: string): boolean => name.startsWith('crf.')

/** Names for what people mean most often. */
const ALIASES: Readonly<Record<string, (name: string) => boolean>> = {
  encoders: isEncoders,
  heads: name => !isEncoders(name) && !isCrf(name),
}

/** Whether a name is meant: an alias, a whole name, or the beginning of one up to a dot; `*` is any characters. */
function matcher(pattern: string): (name: string) => boolean {
  const alias = ALIASES[pattern]
  if (alias) return alias
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}(\\.|$)`)
  return name => expression.test(name)
}

const TEXT_LAYER = /^text_encoder\..*\blayer\.(\d+)\./

/**
 * How often the decay applies to a parameter, as BEiT has it (Bao et al. 2022): once to the last layer of the text encoder,
 * once more for every layer below, most to the embeddings; never to what stands above.
 */
function depth(name: string, textLayers: number): number {
  const layer = TEXT_LAYER.exec(name)
  if (layer) return textLayers - Number(layer[1])
  return name.startsWith('text_encoder.embeddings.') ? textLayers + 1 : 0
}

/**
 * Sorts the parameters of a model into groups with rates of their own, and those that are not trained. The first group
 * whose pattern matches a name decides.
 *
 * @throws InvalidArgumentError for a pattern that is the first to match nothing.
 */
export function parameterGroups({
  names,
  textLayers,
  learningRate,
  layerDecay,
  groups,
}: GroupingOptions): ParameterGroups {
  const matchers = groups.map(({ parameters }) => matcher(parameters))
  const chosen = names.map(name => matchers.findIndex(matches => matches(name)))
  const idle = groups.findIndex((_, index) => !chosen.includes(index))
  if (idle >= 0) {
    const parts = [...new Set(names.map(name => name.split('.')[0]!))]
    throw new InvalidArgumentError({
      argument: `groups[${idle}].parameters`,
      rule: 'must match a parameter that no group before it matches',
      received: groups[idle]!.parameters,
      fix: `Write encoders, heads, the beginning of a name up to a dot, or a pattern with *; names begin with ${parts.join(', ')}.`,
    })
  }
  const frozen: string[] = []
  const byRates = new Map<string, ParameterGroup & { parameters: string[] }>()
  for (const [i, name] of names.entries()) {
    const group = groups[chosen[i]!]
    if (group?.frozen) {
      frozen.push(name)
      continue
    }
    const factor = layerDecay ** depth(name, textLayers)
    const own = {
      ...((group?.learningRate !== undefined || factor !== 1) && {
        learningRate: (group?.learningRate ?? learningRate) * factor,
      }),
      ...(group?.weightDecay !== undefined && { weightDecay: group.weightDecay }),
    }
    const key = JSON.stringify(own)
    if (key === '{}') continue
    const known = byRates.get(key) ?? { parameters: [], ...own }
    known.parameters.push(name)
    byRates.set(key, known)
  }
  return { groups: [...byRates.values()], frozen }
}
