import { Command, CommanderError } from 'commander'
import { version } from '../version'
import { demoCommand } from './demo'
import { evaluateCommand } from './evaluate'
import { importCommand } from './import'
import { predictCommand } from './predict'
import { trainCommand } from './train'

/** Errors whose message says all a person needs; others are ours to mend and keep their stack. */
const EXPECTED = new Set(['InvalidArgumentError', 'PictureError', 'TrainingError', 'HubError'])

/**
 * The command line, without the process around it.
 *
 * @returns the exit code: 0, 1 for a failed command, 2 for a wrong command line.
 */
export async function run(args: readonly string[]): Promise<number> {
  const program = new Command('ner-maf')
    .description('Multimodal named entity recognition: entities from posts with pictures')
    .version(version)
    .exitOverride()
  for (const command of [trainCommand, evaluateCommand, predictCommand, importCommand, demoCommand]) {
    program.addCommand(command().exitOverride())
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const { name, message, stack } = error as Error
    console.error(EXPECTED.has(name) ? `${name}: ${message}` : stack)
    return 1
  }
}
