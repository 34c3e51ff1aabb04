import { InvalidArgumentError } from '@mafjs/tensor'

/** Which labels may start a sentence and which may follow which; used in decoding, never in training. */
export interface LabelConstraints {
  /** `[labels]` */
  start: readonly boolean[]
  /** `[from][to]` */
  transitions: readonly (readonly boolean[])[]
}

/**
 * The rules of BIO (IOB2): `I-t` stands only after `B-t` or `I-t`, and never at the start.
 *
 * @param labels names: `O`, `B-type` and `I-type`, each once
 * @throws InvalidArgumentError for a name of another scheme, a name given twice, or an `I-type` without its `B-type`.
 */
export function bioConstraints(labels: readonly string[]): LabelConstraints {
  for (const [index, name] of labels.entries()) {
    const refuse = (rule: string): never => {
      throw new InvalidArgumentError({
        argument: `labels[${index}]`,
        rule,
        received: name,
        fix: "Give a BIO label set, or constraints: 'none' for another scheme.",
      })
    }
    if (typeof name !== 'string' || !/^(O|[BI]-.+)$/s.test(name)) refuse('must be O, B-type or I-type')
    if (labels.indexOf(name) !== index) refuse('must be given once')
    if (name.startsWith('I-') && !labels.includes(`B-${name.slice(2)}`))
      refuse('must have its B-type beside it')
  }
  return {
    start: labels.map(to => !to.startsWith('I-')),
    transitions: labels.map(from =>
      labels.map(to => !to.startsWith('I-') || (from !== 'O' && from.slice(2) === to.slice(2))),
    ),
  }
}

/** The part of a CRF's configuration that decoding keeps to. */
interface ConstrainedLabels {
  labels: readonly string[] | number
  constraints?: 'bio' | 'none' | undefined
}

/** The constraints that a configuration names. */
export function constraintsOf({ labels, constraints }: ConstrainedLabels): LabelConstraints | undefined {
  if (constraints === 'none') return undefined
  if (constraints !== 'bio') {
    throw new InvalidArgumentError({
      argument: 'constraints',
      rule: 'must be bio or none',
      received: constraints,
    })
  }
  if (typeof labels !== 'number') return bioConstraints(labels)
  throw new InvalidArgumentError({
    argument: 'labels',
    rule: 'must be names for the constraints bio',
    received: labels,
    fix: "Give the names, or constraints: 'none'.",
  })
}
