import { Command } from 'commander'
import { expect, test } from 'vitest'
import { asFlags } from '../../src/commands/as-flags'
import { trainCommand } from '../../src/commands/train'

const program = new Command('ner-maf').addCommand(trainCommand())
program.command('export').option('--quantize <type>').option('--images <folder>').option('--train <path>')
const [train, other] = program.commands as [Command, Command]

test.each([
  // The argument of an error, where this command has it.
  ['out must not exist yet.', '--out must not exist yet.'],
  ['train must hold at least one row.', 'train must hold at least one row.'],
  ['data, train must be as before.', 'data, train must be as before.'],
  // An option with its value, of any command; what is like one and is none.
  ['or start anew with overwrite: true, or go', 'or start anew with --overwrite, or go'],
  ["quantize: 'int8' may lose much", '--quantize int8 may lose much'],
  ['pictures (give images: FOLDER)', 'pictures (give --images FOLDER)'],
  ['truth: true, epochs: 3, seeds.images: true', 'truth: true, epochs: 3, seeds.images: true'],
  ["of numbers (labelNames: ['O', 'B-PER', ...])", 'of numbers (--label-names O,B-PER,...)'],
  // A name that is no word.
  ['must fit the labels and maxLength', 'must fit the labels and --max-length'],
  ['a/maxLength, maxLength.json and x.maxLength', 'a/maxLength, maxLength.json and x.maxLength'],
])('%s', (text, expected) => {
  expect(asFlags(text, train)).toBe(expected)
})

test('of the other command its own; a file of options calls them as libraries do', () => {
  expect(asFlags('train must be a file.', other)).toBe('--train must be a file.')
  train.setOptionValue('config', 'run.yaml')
  expect(asFlags('out must be new: overwrite: true', train)).toBe('out must be new: overwrite: true')
})
