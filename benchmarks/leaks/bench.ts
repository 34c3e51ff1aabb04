import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { loadMaf } from '@mafjs/ner-maf'
import {
  PREDICTORS,
  type PredictorName,
  postFor,
  writePredictors,
} from '../../packages/ner-maf/test/load/predictors'
import { count, runCommand, withFolder } from '../../tools/command'
import { bytesPerCall } from './bytes-per-call'

// Calls every kind of predictor and prints what each call leaves behind; ends with 1 where one leaves too much. Run without V8's
// optimising compilers and with bytecode kept, as `npm run bench:leaks` does: their code is in the heap too, and comes and goes.
const BAR = 500

const NAMES = Object.keys(PREDICTORS) as PredictorName[]
/** Points are taken at tenths. */
function tens(text: string): number {
  if (count(text) % 10 === 0) return Number(text)
  throw new InvalidArgumentError('It must be a multiple of 10.')
}
const command = new Command('npm run bench:leaks --')
  .option('--calls <n>', 'calls of every kind of predictor', tens, 3000)
  .addOption(new Option('--only <kind...>').choices(NAMES).default(NAMES))

// Threads that are started from here on say what they hold.
const inThreads = fileURLToPath(new URL('thread-memory.cjs', import.meta.url))
process.env['NODE_OPTIONS'] = `--require=${JSON.stringify(inThreads)}`

async function measure(root: string, { calls, only }: ReturnType<typeof command.opts>): Promise<void> {
  await writePredictors(root)
  console.log(`bytes per call over ${calls} calls, at most ${BAR} of each`)
  for (const name of only) {
    const [folder, engine, pictures] = PREDICTORS[name]
    const maf = await loadMaf(join(root, folder), engine)
    const post = postFor(root, name)
    // What encodes pictures outside of the model has a thread of its own.
    const threads = 'worker' in engine ? (folder === 'frozen' || pictures > 1 ? 2 : 1) : 0
    const { signal } = new AbortController()
    const call = async (index: number): Promise<void> => {
      if (index % 2 === 0) await maf.annotate(post, { signal })
      else for await (const _ of maf.annotateMany([post], { signal }));
    }
    const { arrayBuffers, heap } = await bytesPerCall(call, { calls, threads })
    await maf.dispose()
    const isOver = Math.max(arrayBuffers, heap) > BAR
    if (isOver) process.exitCode = 1
    const figures = `${arrayBuffers.toFixed(0).padStart(6)} array buffers ${heap.toFixed(0).padStart(6)} heap`
    console.log(`${name.padEnd(38)} ${figures}${isOver ? '   above the bar' : ''}`)
  }
}

await runCommand(command.action(async options => withFolder('leaks', root => measure(root, options))))
