import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readJsonText } from '@mafjs/tensor/json'
import { type Command, Option } from 'commander'
import leven from 'leven'
import { parse as parseYaml } from 'yaml'

/** What a run's record has beside its options, so that `run.json` itself can be given as a configuration. */
const NOT_OPTIONS = new Set(['model_type', 'fingerprints', 'versions', 'commit', 'computedBy'])

/** Options that say something of one call, not of a run. */
const NOT_IN_FILES = new Set(['config', 'resume', 'overwrite'])

const PARSERS = new Map<string, (text: string) => unknown>([
  ['.json', readJsonText],
  ['.yaml', text => parseYaml(text)],
  ['.yml', text => parseYaml(text)],
])

const camelCase = (key: string): string =>
  key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

async function readConfig(file: string): Promise<Record<string, unknown>> {
  const refuse = (received: string): never => {
    throw new InvalidArgumentError({
      argument: '--config',
      rule: 'must be a file of options by name, .yaml, .yml or .json',
      received,
      fix: 'Write one option on each line, such as learningRate: 2e-5.',
    })
  }
  const parse = PARSERS.get(extname(file).toLowerCase())
  if (!parse) return refuse(file)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) =>
    refuse(`${file} (${error.code})`),
  )
  let config: unknown
  try {
    config = parse(text)
  } catch (error) {
    const [said = ''] = (error as Error).message.split('\n')
    // The parser of YAML says so of what lies in itself ten thousand times.
    const reason = /call stack/.test(said) ? 'it is too deep' : said
    return refuse(`${file}: ${reason}`)
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    return refuse(`${file}, no record`)
  const entries = Object.entries(config)
  const isRecord = (config as { model_type?: unknown }).model_type === 'maf-run'
  return Object.fromEntries(isRecord ? entries.filter(([key]) => !NOT_OPTIONS.has(key)) : entries)
}

/** The options of a command that a file may give, by name. */
function optionsOf(command: Command): Map<string, Option> {
  const given = command.options.filter(option => !NOT_IN_FILES.has(option.attributeName()))
  return new Map(given.map(option => [option.attributeName(), option]))
}

function unknownKey(file: string, key: string, known: readonly string[]): InvalidArgumentError {
  const wanted = camelCase(key)
  const [nearest] = [...known].sort((a, b) => leven(a, wanted) - leven(b, wanted))
  const isNear = nearest !== undefined && leven(nearest, wanted) <= Math.max(2, wanted.length / 3)
  return new InvalidArgumentError({
    argument: `${file}: ${key}`,
    rule: 'must be an option of this command',
    received: key,
    fix: isNear ? `Did you mean ${nearest}?` : `There are ${known.join(', ')}.`,
  })
}

/** One value as the command line would have read it. */
function readValue(option: Option, value: unknown, argument: string): unknown {
  const refuse = (rule: string): never => {
    throw new InvalidArgumentError({ argument, rule, received: value })
  }
  if (option.isBoolean()) return typeof value === 'boolean' ? value : refuse('must be true or false')
  const one = (given: unknown, previous: unknown): unknown => {
    // What has a structure of its own is checked where it is used.
    if (typeof given === 'object')
      return option.variadic ? [...((previous as unknown[]) ?? []), given] : given
    if (typeof given === 'boolean') return refuse('must not be true or false')
    try {
      const text = String(given)
      if (option.parseArg) return option.parseArg(text, previous)
      return option.variadic ? [...((previous as unknown[]) ?? []), text] : text
    } catch (error) {
      return refuse((error as Error).message.replace(/\.$/, '').replace(/^It must/, 'must'))
    }
  }
  // A list of numbers is one value with commas between on the command line.
  if (!option.variadic) return one(Array.isArray(value) ? value.join(',') : value, undefined)
  const list = Array.isArray(value) ? value : [value]
  return list.reduce<unknown>((previous, given) => one(given, previous), undefined) ?? []
}

/** `--config`, the same in every command that reads its options from a file. */
export const configOption = (): Option =>
  new Option('--config <file>', 'options by name, .yaml or .json; the command line overrides them')

/**
 * Lets a command with `--config` read its options from a file: what the command line says goes before, what neither says has its default.
 *
 * @param required options that must be given in the one or the other; of two, either
 */
export function withConfigFile(
  command: Command,
  required: readonly (string | readonly [string, string])[],
): Command {
  return command.hook('preAction', async (_, action) => {
    const file = action.opts()['config'] as string | undefined
    const known = optionsOf(action)
    for (const [key, value] of Object.entries(file === undefined ? {} : await readConfig(file))) {
      const name = camelCase(key)
      const option = known.get(name)
      if (!option) throw unknownKey(file!, key, [...known.keys()])
      if (value === null || action.getOptionValueSource(name) === 'cli') continue
      action.setOptionValueWithSource(name, readValue(option, value, `${file}: ${key}`), 'config')
    }
    for (const names of required.map(name => [name].flat())) {
      if (names.some(name => action.getOptionValue(name) !== undefined)) continue
      const [flags, other] = names.map(name => `'${known.get(name)!.flags}'`)
      action.error(`error: required option ${flags} not specified${other ? `, nor ${other}` : ''}`)
    }
  })
}
