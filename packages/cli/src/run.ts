import { Command, CommanderError } from 'commander'
import { asFlags } from './commands/as-flags'
import { COMMANDS, type ExitCodes } from './commands/commands'
import { version } from './version'

const EXPECTED = new Set(['InvalidArgumentError', 'PictureError', 'TrainingError', 'HubError', 'WorkerError'])

/** What to do where a disk is full. */
function roomFor(error: Error & { code?: unknown }, command: Command | undefined): string {
  if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code))) return ''
  const goesOn = command?.options.some(({ long }) => long === '--resume')
  return `. Make room there${goesOn ? ', then go on with --resume' : ' and run it again'}.`
}

const USUAL_CODES: ExitCodes = { usage: 2, refused: 1, data: 1, failed: 1, internal: 1 }

// The operating system's errors (disk full, no permission) have a call and say which file.
const isExpected = (error: Error): boolean => EXPECTED.has(error.name) || 'syscall' in error

/** A wrong value of an option is a wrong command line; a model or an engine that is not there is none. */
const refusesOption = (error: Error, command: Command | undefined): boolean =>
  /^--(?!(?:model|engine)\b)/.test(asFlags(error.message, command))

function exitCodeOf(error: unknown, command: Command | undefined, codes: ExitCodes): number {
  if (!(error instanceof Error && isExpected(error))) return codes.internal
  if (error.name === 'PictureError') return codes.data
  return refusesOption(error, command) ? codes.refused : codes.failed
}

/** One line where the message says all a person needs; other errors are ours to mend and keep their stack. */
function describeError(error: unknown, command: Command | undefined): string {
  if (!(error instanceof Error)) return String(error)
  if (!isExpected(error)) return error.stack ?? error.message
  return `${error.name}: ${asFlags(error.message, command)}${roomFor(error, command)}`
}

/**
 * The command line, without the process around it.
 *
 * @returns the exit code: 0, 1 for a failed command, 2 for a wrong command line; `predict` has those of a filter.
 */
export async function run(args: readonly string[]): Promise<number> {
  const program = new Command('ner-maf')
    .description('Multimodal named entity recognition: entities from posts with pictures')
    .version(version)
    .exitOverride()
    .showHelpAfterError('ner-maf --help lists the commands.')
  const called = args[0] === 'help' ? args[1] : args[0]
  for (const { name, description, hidden = false, load } of COMMANDS) {
    const command = name === called ? await load() : new Command(name)
    command.description(description).exitOverride()
    program.addCommand(command.showHelpAfterError(`ner-maf ${name} --help lists its options.`), { hidden })
  }
  const codes = COMMANDS.find(({ name }) => name === called)?.exitCodes ?? USUAL_CODES
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : codes.usage
    const command = program.commands.find(known => known.name() === args[0])
    console.error(describeError(error, command))
    return exitCodeOf(error, command, codes)
  }
}
