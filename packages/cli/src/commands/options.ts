import { MOST_THREADS } from '@mafjs/compile'
import { BACKENDS, ENGINES } from '@mafjs/compile/engine'
import { InvalidArgumentError, Option } from 'commander'

/** Parses a number within bounds for commander. */
export const number =
  (least: number, most = Number.POSITIVE_INFINITY) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`)
    }
    return value
  }

/** Parses a whole number within bounds for commander. */
export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = number(least, most)(text)
    if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.')
    return value
  }

/** `--engine`, the same in every command. */
export const engineOption = (): Option =>
  new Option('--engine <name>', 'what computes: auto takes onnx where ONNX Runtime is installed')
    .choices([...ENGINES])
    .default('auto')

/** `--backend`, the same in every command. */
export const backendOption = (): Option =>
  new Option('--backend <name>', 'backend of the engine tfjs; naming one asks for that engine')
    .choices([...BACKENDS])
    .default('auto')

/** `--threads`, the same in every command that computes. */
export const threadsOption = (what = 'threads of the engine onnx or the backend tensorflow'): Option =>
  new Option(
    '--threads <count>',
    `${what} (default: one for each processor that this process may use)`,
  ).argParser(wholeNumber(1, MOST_THREADS))

/** `--worker`, the same in every command that computes for long. */
export const workerOption = (): Option =>
  new Option('--worker', 'compute in a thread of its own, for the engine onnx').default(false)

/** `--min-score`, the same in every command that annotates. */
export const minScoreOption = (): Option =>
  new Option('--min-score <score>', 'leave out entities whose score is lower, from 0 to 1')
    .argParser(number(0, 1))
    .default(0)

/** `--strict`, the same in every command that reads pictures. */
export const strictOption = (): Option =>
  new Option('--strict', 'stop at a missing or broken picture').default(false)

/** `--shrink-on-load`, the same in every command that decodes pictures; without a default where a model says it. */
export const shrinkOption = (): Option =>
  new Option(
    '--shrink-on-load',
    'decode JPEGs in 1/2, 1/4 or 1/8 of their size where that leaves enough pixels: faster, other numbers',
  )

/** `--on-broken-picture`, the same in every command that reads posts of which nobody has looked at the pictures. */
export const brokenPictureOption = (): Option =>
  new Option(
    '--on-broken-picture <what>',
    'what a picture that cannot be read does: its post is an error, or is annotated without it and says so',
  )
    .choices(['stop', 'skip'])
    .default('stop')

/** Options of a command as its library has them. */
export const withPictureRule = <Options extends { strict: boolean }>({ strict, ...options }: Options) => ({
  ...options,
  onBrokenPicture: strict ? ('stop' as const) : ('skip' as const),
})
