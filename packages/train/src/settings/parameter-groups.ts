import type { ParameterGroup } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Task } from '../task'
import type { CompleteSettings } from './settings'

/** What of a task tells its parameters apart. */
export type GroupingTask = Pick<Task<never, never, never, object>, 'model' | 'aliases' | 'depth'>

/** The parameters of a run by how they are trained. */
export interface ParameterGroups {
  groups: ParameterGroup[]
  frozen: string[]
}

/** Whether a name is meant: an alias, a whole name, or the beginning of one up to a dot; `*` is any characters. */
function matcher(pattern: string, aliases: GroupingTask['aliases']): (name: string) => boolean {
  if (aliases && Object.hasOwn(aliases, pattern)) return aliases[pattern]!
  const parts = pattern.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}(\\.|$)`)
  return name => expression.test(name)
}

/**
 * Sorts the parameters of a model into groups with rates of their own, and those that are not trained. The first group
 * whose pattern matches a name decides. Layer decay applies once for each layer that a parameter lies below the top, as BEiT
 * has it (Bao et al. 2022).
 *
 * @throws InvalidArgumentError for a pattern that is the first to match nothing, or a decay in a task without layers.
 */
export function parameterGroups(
  { model, aliases, depth }: GroupingTask,
  { groups, learningRate, layerDecay }: CompleteSettings,
): ParameterGroups {
  if (layerDecay !== 1 && !depth) {
    throw new InvalidArgumentError({
      argument: 'layerDecay',
      rule: 'must be 1 for a task without layers',
      received: layerDecay,
      fix: 'Give the task a depth(parameter), the number of layers above one.',
    })
  }
  const names = Object.entries(model.parameters())
    .filter(([, { trainable }]) => trainable)
    .map(([name]) => name)
  const matchers = groups.map(({ parameters }) => matcher(parameters, aliases))
  const chosen = names.map(name => matchers.findIndex(matches => matches(name)))
  const idle = groups.findIndex((_, index) => !chosen.includes(index))
  if (idle >= 0) {
    const parts = [...new Set(names.map(name => name.split('.')[0]!))]
    throw new InvalidArgumentError({
      argument: `groups[${idle}].parameters`,
      rule: 'must match a parameter that no group before it matches',
      received: groups[idle]!.parameters,
      fix: `Write ${[...Object.keys(aliases ?? {}), 'the beginning of a name up to a dot'].join(', ')}, or a pattern with *; names begin with ${parts.join(', ')}.`,
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
    const factor = layerDecay ** (depth?.(name) ?? 0)
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
