import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { preparationOf } from '@mafjs/encoders'
import { nerTask, openModelPictures } from '@mafjs/ner-maf'
import { fit } from '@mafjs/train'
import { EPOCH_SEED, type EpochRecord, readEpoch } from '../prepare/epoch-posts'
import type { Settings, WorkSpec } from '../protocol'
import { loadModel } from './read-inputs'
import type { Work } from './works'

/** Lets `fit` make one step at a time: it waits before each until it is asked for. */
function createGate() {
  let open = (): void => {}
  let closed = new Promise<void>(resolve => {
    open = resolve
  })
  let done: { resolve(): void; reject(error: unknown): void } | undefined
  return {
    /** Waits until a step is asked for. */
    async enter(): Promise<void> {
      await closed
      closed = new Promise(resolve => {
        open = resolve
      })
    },
    /** Asks for a step, and waits for its end. */
    step: (): Promise<void> =>
      new Promise((resolve, reject) => {
        done = { resolve, reject }
        open()
      }),
    leave: (): void => done?.resolve(),
    fail: (error: unknown): void => done?.reject(error),
  }
}

/**
 * Epochs of a training as a user has it, a step a run: `fit` on all posts, in batches of like length, with the features of the
 * pictures read from a cache on the disk. A warm one holds those of the batches that have pictures, a cold one none.
 */
export async function loadEpoch(work: WorkSpec, folder: string, { threads }: Settings): Promise<Work> {
  const record = JSON.parse(await readFile(join(folder, 'epoch.json'), 'utf8')) as EpochRecord
  const files = JSON.parse(await readFile(join(folder, 'epoch-pictures.json'), 'utf8')) as string[][]
  const { tokenizer, rows, batches } = await readEpoch(record)
  const engine = await useEngine({ engine: 'onnx', threads: Number(threads) })
  const model = await loadModel(folder, work, false)
  const featureCache = join(folder, 'epoch-features')
  const openPictures = () =>
    openModelPictures({
      ...{ model, engine, featureCache, preparation: preparationOf({ pictureSize: record.side }) },
      ...{ images: join(folder, 'epoch-pictures'), onBrokenPicture: 'stop' },
    })
  if (work.cache === 'cold') await rm(featureCache, { recursive: true, force: true })
  if (work.cache === 'warm') {
    const filling = await openPictures()
    for (const members of batches.slice(0, files.length)) await filling.load(members.map(({ post }) => post))
    // What is trained reads them from the disk.
    await filling.dispose()
  }
  const pictures = work.cache && (await openPictures())
  const gate = createGate()
  const task = nerTask(model, { tokenizer, train: rows, pictures })
  const inSteps: typeof task = {
    ...task,
    async ahead(next) {
      await gate.enter()
      await task.ahead?.(next)
    },
  }
  const settings = { epochs: 24, batchSize: record.batch, seed: EPOCH_SEED }
  void fit(inSteps, { engine, train: rows, settings, onEvent: gate.leave }).catch(gate.fail)
  return {
    run: gate.step,
    steps: batches.length,
    compare: () => Promise.reject(new Error('An epoch has nothing to be compared with; its model has.')),
  }
}
