import { readFileSync } from 'node:fs'
import { FINDINGS, type FindingKind } from '@mafjs/data/doctor'
import { expect, test } from 'vitest'
import { ablateCommand } from '../src/commands/ablate'
import { compareCommand } from '../src/commands/compare'
import { demoCommand } from '../src/commands/demo'
import { doctorCommand } from '../src/commands/doctor'
import { evaluateCommand } from '../src/commands/evaluate'
import { explainCommand } from '../src/commands/explain'
import { exportCommand } from '../src/commands/export'
import { featuresCommand } from '../src/commands/features'
import { importCommand } from '../src/commands/import'
import { predictCommand } from '../src/commands/predict'
import { probeCommand } from '../src/commands/probe'
import { serveCommand } from '../src/commands/serve'
import { shardsCommand } from '../src/commands/shards'
import { trainCommand } from '../src/commands/train'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** The README's table of a command's options: `[flags, default]`, without the marks of code. */
function documented(command: string): [flags: string, value: string][] {
  const [section = ''] = new RegExp(`^### ner-maf ${command}$.*?(?=^##|(?![^]))`, 'ms').exec(readme) ?? []
  const rows = section.matchAll(/^\| `(--[^`]*)` \|([^|]*)\|/gm)
  return [...rows].map(([, flags = '', value = '']) => [flags, value.trim().replaceAll('`', '')])
}

const commands = [
  trainCommand(),
  evaluateCommand(),
  compareCommand(),
  probeCommand(),
  ablateCommand(),
  featuresCommand(),
  predictCommand(),
  shardsCommand(),
  serveCommand(),
  explainCommand(),
  importCommand(),
  exportCommand(),
  demoCommand(),
  doctorCommand(),
]

test.each(commands.map(command => [command.name(), command] as const))(
  'the README lists every option of %s with its default, and no other',
  (name, { options }) => {
    const rows = documented(name)
    expect(rows.map(([flags]) => flags)).toEqual(options.map(({ flags }) => flags))
    for (const [i, { flags, mandatory, defaultValue }] of options.entries()) {
      const value = rows[i]![1]
      if (mandatory) expect(value, flags).toBe('required')
      else if (defaultValue === false) expect(value, flags).toBe('off')
      else if (typeof defaultValue === 'number') expect(Number(value), flags).toBe(defaultValue)
      else if (typeof defaultValue === 'string') expect(value, flags).toBe(defaultValue)
      else expect(['required', 'off'], `${flags} has no default value`).not.toContain(value)
    }
  },
)

test('the README lists every finding of the doctor as it is', () => {
  const [section = ''] = /^### ner-maf doctor$.*?(?=^## |(?![\s\S]))/ms.exec(readme) ?? []
  const rows = [...section.matchAll(/^\| `([a-z][a-z0-9-]+)` \|(.*)\|$/gm)].map(([, code, cells = '']) => [
    code,
    ...cells.split('|').map(cell => cell.trim()),
  ])
  const kinds: [string, FindingKind][] = Object.entries(FINDINGS)
  expect(rows).toEqual(
    kinds.map(([code, { severity, title, repair = '' }]) => [code, severity, title, repair]),
  )
})
