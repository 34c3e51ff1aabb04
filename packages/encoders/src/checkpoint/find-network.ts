import { InvalidArgumentError } from '@mafjs/tensor'
import type { Weights } from '../weights'

/** How one kind of network is known by the names of its tensors. */
export interface NetworkNames {
  /** A tensor that every network of the kind has, with its whole name: what stands before it is a prefix. */
  anchor: string
  /** Prefixes of libraries' own, such as `bert.`: not worth a word. @default none */
  usual?: readonly string[] | undefined
  /** Tensors that steer nothing, such as counters: left out without a word. @default none */
  counters?: RegExp | undefined
}

/** The tensors of one network in a checkpoint. */
export interface FoundNetwork {
  /** By their own names, without the prefix. */
  own: Weights
  /** Names of tensors outside of it, without what they share with its prefix. */
  beside: string[]
  /** What was taken off: sentences for a person. */
  notes: string[]
}

/** A mean of the network over its training: where there is one, it is what is evaluated. */
const AVERAGED = /(^|\.)(teacher|ema|ema_model|model_ema|ema_net|averaged_model)\./
/** What follows or leads the network that is wanted while it trains. */
const COMPANION = /(^|\.)(student|encoder_k|momentum_encoder|target_network|target_encoder|key_encoder)\./

const rankOf = (prefix: string): number => (AVERAGED.test(prefix) ? 0 : COMPANION.test(prefix) ? 2 : 1)

/**
 * The tensors of a network in a checkpoint that may hold more, under whatever prefix: it is told by its anchor.
 *
 * @throws InvalidArgumentError where two networks of the kind are there and neither is the one that is evaluated.
 */
export function findNetwork(
  weights: Weights,
  { anchor, usual = [], counters }: NetworkNames,
  file: string,
): FoundNetwork {
  const names = Object.keys(weights)
  const prefixes = names
    .filter(name => name === anchor || name.endsWith(`.${anchor}`))
    .map(name => name.slice(0, -anchor.length))
  const best = Math.min(...prefixes.map(rankOf))
  const chosen = prefixes.filter(prefix => rankOf(prefix) === best)
  if (chosen.length > 1) {
    throw new InvalidArgumentError({
      argument: file,
      rule: 'must hold one network',
      received: `several: under ${chosen.map(prefix => `"${prefix}"`).join(' and ')}`,
      fix: 'Save the tensors of the one that is wanted.',
    })
  }
  const [prefix = ''] = chosen
  const rivals = prefixes.filter(other => other !== prefix)
  const isRival = (name: string): boolean => rivals.some(rival => name.startsWith(rootOf(rival, prefix)))
  const isCounter = (name: string): boolean => counters?.test(name) ?? false
  // A rival at the top has no root of its own: whatever is not under the prefix is its.
  const isOwn = (name: string): boolean => name.startsWith(prefix) && (rivals.includes('') || !isRival(name))
  const own = names.filter(isOwn).map(name => [name.slice(prefix.length), weights[name]!] as const)
  const beside = names.filter(name => !isOwn(name) && !isRival(name)).map(name => withoutShared(name, prefix))
  const notes: string[] = []
  const left = rivals.length > 0 ? ` Not read: ${rivals.map(rival => `"${rival}"`).join(', ')}.` : ''
  if (left !== '' || (prefix !== '' && !usual.includes(prefix))) {
    notes.push(`The tensors are those under "${prefix}".${left}`)
  }
  return {
    own: Object.fromEntries(own.filter(([name]) => !isCounter(name))),
    beside: beside.filter(name => !isCounter(name)),
    notes,
  }
}

/** What all tensors of another network begin with, and of what stands on it: `student.` of `student.backbone.`. */
function rootOf(rival: string, prefix: string): string {
  const segments = rival.split('.')
  const shared = sharedSegments(segments, prefix.split('.'))
  const root = segments.slice(0, shared + 1).join('.')
  return root === '' || root.endsWith('.') ? root : `${root}.`
}

function sharedSegments(a: readonly string[], b: readonly string[]): number {
  let shared = 0
  while (shared < a.length - 1 && a[shared] === b[shared]) shared++
  return shared
}

/** `classifier.weight` of `module.classifier.weight` where the network is under `module.bert.`. */
function withoutShared(name: string, prefix: string): string {
  const segments = name.split('.')
  return segments.slice(sharedSegments(segments, prefix.split('.'))).join('.')
}
