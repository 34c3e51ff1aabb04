import type { ParameterGroupSettings } from '@mafjs/train'
import { InvalidArgumentError } from 'commander'

const RATES = new Map([
  ['lr', 'learningRate'],
  ['decay', 'weightDecay'],
])

/** Parses `PATTERN:frozen`, or `PATTERN:lr=RATE,decay=RATE` with the one, the other or both, for commander. */
export function parseGroup(
  text: string,
  before: readonly ParameterGroupSettings[] = [],
): ParameterGroupSettings[] {
  const [parameters = '', rules = '', ...more] = text.split(':')
  const refuse = (): never => {
    throw new InvalidArgumentError('It must be like crf:lr=1e-3, encoders:lr=2e-5,decay=0 or heads:frozen.')
  }
  if (parameters === '' || rules === '' || more.length > 0) return refuse()
  if (rules === 'frozen') return [...before, { parameters, frozen: true }]
  const rates = rules.split(',').map(rule => {
    const [name = '', value = ''] = rule.split('=')
    const setting = RATES.get(name)
    if (!setting || value.trim() === '' || !Number.isFinite(Number(value))) return refuse()
    return [setting, Number(value)] as const
  })
  return [...before, { parameters, ...Object.fromEntries(rates) }]
}
