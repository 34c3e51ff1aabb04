import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '@mafjs/compile/engine'
import { InvalidArgumentError, type Module } from '@mafjs/tensor'
import {
  assertWritableFolder,
  exists,
  folderPath,
  readJsonIfThere,
  readWhole,
  recoverFolder,
  replaceFile,
  withLock,
  writeFolder,
} from '@mafjs/tensor/files'
import { isObject, isText } from '@mafjs/tensor/json'
import { EVENTS, logEvent, rewindEvents } from '../record/event-log'
import type { TrainingEvent } from '../record/events'
import type { FitResult } from '../record/fit-result'
import { assertSameRun, type RunRecord, type RunRecordInputs, runRecord } from '../record/run-record'
import type { TrainingCheckpoint } from '../record/training-progress'
import { CARD, CURVES, REPORT, type RunReportWords, writeRunReport } from '../report/run-report'
import type { CompleteSettings } from '../settings/settings'
import { assertSnapshot, assignSnapshot, readSnapshot, type Snapshot } from '../snapshot'
import { LAST, loadLast, readKept, saveLast } from './last-state'
import { json, type ModelFormat, modelFolder, taskFormat, writeModel } from './model-format'

/** How a run's folder is taken, and what is said of it. */
export interface RunOptions<Report extends object> {
  /** Goes on with the run that is there from its last checkpoint, or begins it where there is none. @default false */
  resume?: boolean | undefined
  /** Starts anew in a run's folder, whose model stays until there is a better one. @default false */
  overwrite?: boolean | undefined
  /** What the run is made of beside its settings and its rows, plain JSON: it must be the same where it goes on. @default nothing */
  record?: RunRecordInputs['options'] | undefined
  /** How the model becomes files. @default its configuration and its weights */
  format?: ModelFormat | undefined
  /** What belongs to the run's state beside its training, plain JSON, asked for at every checkpoint. @default nothing */
  keep?: (() => Record<string, unknown>) | undefined
  /** What `report.md` and `metrics.json` say, and how. @default all that every task has */
  words?: RunReportWords<Report> | undefined
  /** Whether the caller holds the folder's lock already. @default false */
  isLocked?: boolean | undefined
  /** What the folder was given as, for errors. @default 'folder' */
  argument?: string | undefined
}

/** A run's state to go on from. */
type Last<Report> = NonNullable<Awaited<ReturnType<typeof loadLast>>> & TrainingCheckpoint<Report>

/** A folder that `fit` writes a run into. */
export interface Run<Report extends object = object> {
  readonly folder: string
  /** What `keep` gave at the last checkpoint of a run that goes on; undefined where one begins. */
  kept(): Promise<Record<string, unknown> | undefined>
  /**
   * Gives a model the weights of the best epoch.
   *
   * @throws InvalidArgumentError for a folder without a model, or naming the first parameter that does not fit.
   */
  load(task: { readonly model: Pick<Module, 'parameters'> }): Promise<void>
  /**
   * Checks that `fit` may begin here, as it does itself before any work.
   *
   * @throws InvalidArgumentError where there is something that may be neither replaced nor gone on with.
   */
  check(): Promise<void>
  /** For `fit`: does its work under the folder's lock. */
  locked<T>(work: () => Promise<T>): Promise<T>
  /**
   * For `fit`: makes the folder ready, empty but for its record, or, to go on, as it was at the last checkpoint.
   *
   * @throws InvalidArgumentError where the run that is there is another one.
   */
  begin(what: {
    model: { readonly config: object }
    settings: CompleteSettings
    engine: Engine
    splits: Record<string, readonly unknown[] | undefined>
  }): Promise<{ last?: Last<Report> | undefined; notes: string[] }>
  /** For `fit`: appends an event; it is in the file when this returns. */
  logEvent(event: TrainingEvent<Report>): void
  /** For `fit`: writes the weights of the best epoch so far. */
  saveBest(snapshot: Snapshot, metrics: object): Promise<void>
  /** For `fit`: writes all that is needed to go on. */
  saveLast(checkpoint: TrainingCheckpoint<Report>): Promise<void>
  /** For `fit`: writes what the run ended with. */
  finish(result: FitResult<Report>): Promise<void>
}

const RECORD = 'run.json'

const DAMAGED = 'The file is damaged: start anew with overwrite: true, or choose another folder.'

const readRecord = (folder: string): Promise<RunRecord | undefined> =>
  readJsonIfThere(join(folder, RECORD), {
    fields: {
      model_type: type => type === 'maf-run',
      fingerprints: isObject,
      versions: isObject,
      computedBy: isText,
    },
    fix: DAMAGED,
  })

/** What `run.json` holds. */
const written = (record: RunRecord): RunRecord => ({ model_type: 'maf-run', ...record })

/** Any folder of a task that was trained, whatever its model is. */
const ANY_TASK = modelFolder('a folder of a trained task', 'maf-task')

/**
 * Opens a folder for a run, or one with a run to load its model: nothing is written before `fit` begins.
 *
 * @throws InvalidArgumentError for both `resume` and `overwrite`.
 */
export async function openRun<Report extends object = { score: number }>(
  folder: string,
  options: RunOptions<Report> = {},
): Promise<Run<Report>> {
  const { resume = false, overwrite = false, keep = () => ({}), words = {}, isLocked = false } = options
  const { argument = 'folder' } = options
  const kind = options.format?.kind ?? ANY_TASK
  if (resume && overwrite) {
    throw new InvalidArgumentError({
      argument: 'resume',
      rule: 'cannot be given together with overwrite: true',
      received: 'both',
      fix: 'Go on with resume: true, or start anew with overwrite: true.',
    })
  }
  await recoverFolder(await folderPath(folder))
  // Who starts anew need not know what there was.
  const hasRun = !overwrite && (await readRecord(folder)) !== undefined
  let format = options.format
  let record: RunRecord | undefined

  const resumeRun = async (now: RunRecord, before: RunRecord) => {
    const notes = assertSameRun(before, written(now))
    await recoverFolder(join(folder, LAST))
    const last = (await loadLast(folder)) as Last<Report> | undefined
    await rewindEvents(folder, last?.progress ?? { step: 0, epoch: 1 })
    const { epoch = 1, step = 0 } = last?.progress ?? {}
    const where = last ? `after step ${step}, in epoch ${epoch}` : 'at the start: it had no checkpoint yet'
    return { last, notes: [...notes, `Resumed ${where}.`] }
  }

  const check = async (): Promise<void> => {
    if (hasRun && !resume) {
      throw new InvalidArgumentError({
        argument,
        rule: 'must not exist yet',
        received: `${folder}, which holds a run`,
        fix: 'Choose another folder, go on with resume: true, or start anew with overwrite: true.',
      })
    }
    await assertWritableFolder(folder, { kind, overwrite: overwrite || resume, argument })
    if (!resume || hasRun || !(await exists(folder))) return
    throw new InvalidArgumentError({
      argument: 'resume',
      rule: 'needs the folder of a run',
      received: `${folder}, which has no ${RECORD}`,
      fix: 'It was written by another command: start anew with overwrite: true.',
    })
  }

  return {
    folder,
    kept: async () => (hasRun && resume ? readKept(folder) : undefined),
    check,
    async load({ model }) {
      const fix = 'Give the folder of a run of this very task.'
      const snapshot = await readWhole(folder, place => readSnapshot(place, fix))
      const parameters = model.parameters()
      assertSnapshot(parameters, snapshot, { of: join(folder, 'model.safetensors'), fix })
      assignSnapshot(parameters, snapshot)
    },
    locked: work => (isLocked ? work() : withLock(folder, { command: 'fit', argument }, work)),
    async begin({ model, settings, engine, splits }) {
      format ??= taskFormat(model)
      record = await runRecord({ options: { ...options.record, ...settings }, engine, splits })
      const before = resume ? await readRecord(folder) : undefined
      if (before) return resumeRun(record, before)
      await assertWritableFolder(folder, { kind, overwrite, argument })
      if (await exists(folder)) {
        // What the old run left goes first: no kill may leave it to the new one. By now nothing may tell any more whose it was.
        const files = [LAST, EVENTS, REPORT, CURVES, ...(words.card ? [CARD] : [])]
        const old = files.map(name => join(folder, name))
        for (const path of old) await rm(path, { recursive: true, force: true })
        await replaceFile(folder, RECORD, json(written(record)))
      } else await writeFolder(folder, { [RECORD]: json(written(record)) }, { kind, overwrite })
      return { notes: [] }
    },
    logEvent: event => logEvent(folder, event),
    saveBest: (snapshot, metrics) =>
      writeModel(folder, { format: format!, training: record, snapshot, metrics }),
    saveLast: checkpoint => saveLast(folder, checkpoint, { format: format!, record: record!, kept: keep() }),
    async finish(result) {
      await replaceFile(folder, 'metrics.json', json(words.metrics?.(result) ?? metricsOf(result)))
      await writeRunReport(folder, result, { record: record!, words })
    },
  }
}

/** `metrics.json` of any task. */
function metricsOf<Report>({ validation, test, ...training }: FitResult<Report>): object {
  return { validation, test, training: { ...training, validation } }
}
