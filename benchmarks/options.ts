import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'

/** What the command line says. */
export interface BenchOptions {
  /** Names of rows; none is all. */
  only: string[]
  /** Pythons with PyTorch. */
  torch: string[]
  /** Turns of each side. */
  repeats: number
  quick: boolean
  engine: string
  /** Whether PyTorch's best settings are looked for. */
  sweep: boolean
  /** A result whose settings are taken instead. */
  settings?: string
  /** Folder of weights and inputs; kept where it is given. */
  work?: string
  posts: string
  vocab: string
  /** Name of the results. */
  name: string
  list: boolean
}

/** How the command is used. */
export const USAGE = `npm run bench -- [options]
  --only ROW        race this row alone; may be given several times
  --list            print the rows and end
  --torch PYTHON    a Python with PyTorch; may be given several times (default: python3 and Debian's own)
  --repeats N       turns of each side (default 7; 3 with --quick)
  --quick           a tiny model, to see that everything runs and agrees; its times say nothing
  --engine NAME     ours: eager or compiled (default compiled)
  --no-sweep        take PyTorch as it is, with 2 threads, and do not look for its best settings
  --settings FILE   take PyTorch's settings from an earlier result (.json)
  --work DIR        keep weights and inputs here, and take them from here when they are there
  --posts DIR       Twitter-2015 (default ../shared/data/twitter2015)
  --vocab FILE      vocabulary of bert-base-cased (default ../shared/models/vocab/bert-base-cased-vocab.txt)
  --name NAME       results are benchmarks/results/NAME.json and .md (default full, tiny, or part with --only)`

/**
 * The options of a command line.
 *
 * @throws InvalidArgumentError for an unknown engine or a number of turns that is none.
 */
export function readOptions(arguments_: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...arguments_],
    allowNegative: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      torch: { type: 'string', multiple: true, default: ['python3', '/usr/bin/python3'] },
      repeats: { type: 'string' },
      quick: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'compiled' },
      sweep: { type: 'boolean' },
      settings: { type: 'string' },
      work: { type: 'string' },
      posts: { type: 'string', default: '../shared/data/twitter2015' },
      vocab: { type: 'string', default: '../shared/models/vocab/bert-base-cased-vocab.txt' },
      name: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  })
  const { only, torch, quick, engine, settings, work, posts, vocab, list } = values
  const repeats = Number(values.repeats ?? (quick ? 3 : 7))
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument: `--${argument}`, rule, received })
  }
  if (!Number.isInteger(repeats) || repeats < 1)
    refuse('repeats', 'must be a positive whole number', values.repeats)
  if (engine !== 'eager' && engine !== 'compiled') refuse('engine', 'must be eager or compiled', engine)
  return {
    only,
    torch,
    repeats,
    quick,
    engine,
    sweep: values.sweep ?? !(quick || settings !== undefined),
    ...(settings !== undefined && { settings }),
    ...(work !== undefined && { work }),
    posts,
    vocab,
    name: values.name ?? (quick ? 'tiny' : only.length > 0 ? 'part' : 'full'),
    list,
  }
}
