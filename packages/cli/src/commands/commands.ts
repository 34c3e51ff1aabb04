import type { Command } from 'commander'
import { WORKER_COMMAND } from '../demo/worker-command'
import { LINES_COMMAND } from '../predict/jobs/line-job'

/** What a process ends with that did not do what was asked. */
export interface ExitCodes {
  /** A wrong command line. */
  usage: number
  /** An option whose value is found wrong only by what it is for. */
  refused: number
  /** A picture that cannot be read. */
  data: number
  /** All else that is not ours to mend. */
  failed: number
  internal: number
}

/** Those of `sysexits.h`, by which engines know what can be tried again. */
const FILTER_CODES: ExitCodes = { usage: 64, refused: 64, data: 65, failed: 69, internal: 70 }

/** One command of the command line. */
interface CommandEntry {
  name: string
  description: string
  /** Nothing for people to call. */
  hidden?: boolean
  /** @default those of a command that people call */
  exitCodes?: ExitCodes
  /** Loads it, and with it what it computes with, which takes longer than most of what people ask of a command line. */
  load(): Promise<Command>
}

/** The commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'train',
    description: 'train MAF on posts with pictures',
    load: async () => (await import('./train')).trainCommand(),
  },
  {
    name: 'evaluate',
    description: 'score a model on labelled posts, by the strict and the lenient rule',
    load: async () => (await import('./evaluate')).evaluateCommand(),
  },
  {
    name: 'compare',
    description: 'tell whether two models differ by more than chance, on the same posts',
    load: async () => (await import('./compare')).compareCommand(),
  },
  {
    name: 'probe',
    description: 'tell whether a model uses the pictures: blank, no, exchanged and foreign ones',
    load: async () => (await import('./probe')).probeCommand(),
  },
  {
    name: 'ablate',
    description: 'train MAF and its ablations, and print them as one table',
    load: async () => (await import('./ablate')).ablateCommand(),
  },
  {
    name: 'features',
    description: 'encode the pictures of a data set once, before training',
    load: async () => (await import('./features')).featuresCommand(),
  },
  {
    name: 'predict',
    description:
      'find the entities of a post, or of posts as JSONL on stdin ({"text" or "tokens", "image" or "images"} per line)',
    exitCodes: FILTER_CODES,
    load: async () => (await import('./predict')).predictCommand(),
  },
  {
    name: 'shards',
    description: 'cut files of posts into shards, which many machines annotate with predict --shards',
    load: async () => (await import('./shards')).shardsCommand(),
  },
  {
    name: 'serve',
    description: 'answer posts over HTTP (needs npm install @mafjs/serve)',
    load: async () => (await import('./serve')).serveCommand(),
  },
  {
    name: 'explain',
    description: 'write a page that says why a post is read as it is: what each word looks at, and what if',
    load: async () => (await import('./explain')).explainCommand(),
  },
  {
    name: 'import',
    description: 'turn the state dict of the published MAF code into a checkpoint folder',
    load: async () => (await import('./import')).importCommand(),
  },
  {
    name: 'export',
    description: 'write a model as one ONNX graph with its tokenizer and configuration',
    load: async () => (await import('./export')).exportCommand(),
  },
  {
    name: 'demo',
    description: 'train MAF and its ablations on a corpus made here, and print what was measured',
    load: async () => (await import('./demo')).demoCommand(),
  },
  {
    name: 'doctor',
    description: 'find what is wrong with a data set; without one, what this machine has to compute with',
    load: async () => (await import('./doctor')).doctorCommand(),
  },
  {
    name: 'split',
    description:
      'part posts into train, valid and test; near-duplicates, reposts and the same pictures stay together',
    load: async () => (await import('./split')).splitCommand(),
  },
  {
    name: 'convert',
    description: 'write posts, or what predict found in them, in another format',
    load: async () => (await import('./convert')).convertCommand(),
  },
  {
    name: LINES_COMMAND,
    description: '',
    hidden: true,
    load: async () => (await import('./predict')).predictWorkerCommand(),
  },
  {
    name: WORKER_COMMAND,
    description: '',
    hidden: true,
    load: async () => (await import('./demo')).demoWorkerCommand(),
  },
]
