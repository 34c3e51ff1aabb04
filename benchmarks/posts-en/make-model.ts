import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { percent } from '@mafjs/evaluate'
import { exportRun, formatQuantization } from '@mafjs/ner-maf'
import { trainUntil } from '../training/train-until'
import { readChoices, runOf } from './choose'
import type { Options } from './options'

/** Where the model is as it was trained, then with calibrated scores, and its int8 export. */
export const foldersOf = ({ work }: Pick<Options, 'work'>) => ({
  trained: join(work, 'model'),
  float: join(work, 'calibrated'),
  int8: join(work, 'int8'),
})

/** What of an export a model is read from. */
const MODEL_FILES = ['config.json', 'model.onnx', 'tokenizer.json'] as const

/** Trains the model with what was chosen, to the end. */
export async function trainModel(options: Options, signal: AbortSignal): Promise<void> {
  const choices = await readChoices(options)
  if (!choices) throw new Error('There is no choice yet: npm run model -- choose')
  const { trained: out } = foldersOf(options)
  const run = await runOf(choices.chosen, options)
  for (const { epoch, strict } of await trainUntil({ ...run, epochs: options.epochs, out, signal }))
    console.log(`epoch ${epoch}: validation F1 ${percent(strict)}`)
}

/** Brings it to int8 that every processor computes right, scored on the validation split, and puts it into the package. */
export async function exportModel(options: Options): Promise<void> {
  const { float, int8 } = foldersOf(options)
  const data = join(options.work, 'data')
  const { report } = await exportRun({
    ...{ model: float, out: int8, overwrite: true, threads: options.threads },
    ...{ quantize: 'int8', data },
  })
  console.log(formatQuantization(report!))
  const place = join(options.package, 'model')
  await mkdir(place, { recursive: true })
  for (const name of MODEL_FILES) await cp(join(int8, name), join(place, name))
}
