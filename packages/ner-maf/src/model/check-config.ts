import { completeTextEncoderConfig } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { MafConfig } from './config'

/** Positions of the longest text encoder: a batch has rows of as many numbers. */
const MOST_POSITIONS = 2 ** 16

function refuse(argument: string, rule: string, received: unknown): never {
  throw new InvalidArgumentError({
    argument: `config.${argument}`,
    rule,
    received: typeof received === 'number' ? String(received) : (received ?? 'nothing'),
    fix: 'Take the configuration from a preset, or from the checkpoint it belongs to.',
  })
}

/**
 * Checks what the modules cannot check for themselves: that they fit each other, and the options of the wiring.
 *
 * @throws InvalidArgumentError naming the part of the configuration that breaks its rule.
 */
export function assertConfig(config: MafConfig): void {
  const { exchange, steps, padTo, constraints, lossWeight, dropout, textEncoder } = config
  const { alignment, interaction, matching, fusion, labels, types } = config
  const isNamed = Array.isArray(labels) && labels.every(label => typeof label === 'string')
  if (!isNamed || new Set(labels).size !== labels.length || labels.length === 0) {
    refuse('labels', 'must be a list of names, each of which is there once', labels)
  }
  if (!Array.isArray(types) || !types.every(type => typeof type === 'string')) {
    refuse('types', 'must be a list of names', types)
  }
  const labelled = labels.filter(label => label.startsWith('B-'))
  const expected = labelled.map(label => label.slice(2))
  if (types.join() !== expected.join()) {
    refuse('types', `must be those of its labels, ${expected.join(', ') || 'none'}`, types)
  }
  if (exchange !== 'states' && exchange !== 'pictures') {
    refuse('exchange', "must be 'states' or 'pictures'", exchange)
  }
  if (steps !== 'words' && steps !== 'pieces') refuse('steps', "must be 'words' or 'pieces'", steps)
  const { maxPositions } = completeTextEncoderConfig(textEncoder)
  if (maxPositions > MOST_POSITIONS)
    refuse('textEncoder.maxPositions', `must be at most ${MOST_POSITIONS}`, maxPositions)
  if (padTo !== 'longest' && !(Number.isInteger(padTo) && padTo > 0)) {
    refuse('padTo', "must be 'longest' or a positive whole number", padTo)
  }
  if (padTo !== 'longest' && padTo > maxPositions) {
    refuse('padTo', `must be at most ${maxPositions}, the text encoder's positions`, padTo)
  }
  if (constraints !== 'bio' && constraints !== 'none') {
    refuse('constraints', "must be 'bio' or 'none'", constraints)
  }
  if (!(lossWeight >= 0 && lossWeight <= 1)) refuse('lossWeight', 'must be in [0, 1]', lossWeight)
  if (!(dropout >= 0 && dropout < 1)) refuse('dropout', 'must be in [0, 1)', dropout)
  if (!['attention', 'pooled', 'own', undefined].includes(interaction?.kind)) {
    refuse('interaction.kind', "must be 'attention', 'pooled' or 'own'", interaction?.kind)
  }
  if (!['gated', 'concat', 'own', undefined].includes(fusion?.kind)) {
    refuse('fusion.kind', "must be 'gated', 'concat' or 'own'", fusion?.kind)
  }
  if (!interaction !== !fusion) {
    refuse('fusion', 'must be given together with interaction, or neither', fusion ? 'fusion' : 'interaction')
  }
  if ((alignment || matching) && !interaction) {
    refuse('interaction', 'must be given for alignment and matching', undefined)
  }
  const { hidden } = textEncoder
  const sizes = {
    'alignment.textSize': [alignment?.textSize, hidden],
    'interaction.hidden': [interaction?.hidden, hidden],
    'matching.hidden': [matching?.hidden, hidden],
    'fusion.hidden': [fusion?.hidden, hidden],
    'alignment.imageSize': [alignment?.imageSize, interaction?.imageSize],
  }
  for (const [argument, [size, expected]] of Object.entries(sizes)) {
    if (size !== undefined && size !== expected) {
      const other = argument === 'alignment.imageSize' ? 'interaction.imageSize' : 'textEncoder.hidden'
      refuse(argument, `must equal ${other} (${expected})`, size)
    }
  }
}
