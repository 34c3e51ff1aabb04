import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import {
  assertWritableFolder,
  exists,
  folderPath,
  isObject,
  isText,
  readJsonIfThere,
  recoverFolder,
  replaceFile,
  writeFolder,
} from '@mafjs/tensor/files'
import { CHECKPOINT_FOLDER } from '../checkpoint/checkpoint-folder'
import { EVENTS, rewindEvents } from './event-log'
import { LAST, loadLast } from './last-checkpoint'
import { assertSameRun, type RunRecord } from './run-record'
import { CURVES, REPORT } from './run-report'

/** How a run's folder is to be taken. */
export interface RunFolderOptions {
  /** Whether to go on with the run that is there, if there is one. */
  resume: boolean
  /** Whether to start anew in a folder of ours that is there. */
  overwrite: boolean
}

const RECORD = 'run.json'

const readRecord = (out: string): Promise<RunRecord | undefined> =>
  readJsonIfThere(join(out, RECORD), {
    fields: {
      model_type: type => type === 'maf-run',
      fingerprints: isObject,
      versions: isObject,
      computedBy: isText,
    },
    fix: 'The file is damaged: start anew with --overwrite, or choose another folder.',
  })

/**
 * Checks a run's folder before any work is done for it.
 *
 * @throws InvalidArgumentError where there is something and it may be neither replaced nor gone on with.
 */
export async function checkRunFolder(out: string, { resume, overwrite }: RunFolderOptions): Promise<void> {
  if (resume && overwrite) {
    throw new InvalidArgumentError({
      argument: '--resume',
      rule: 'cannot be given together with --overwrite',
      received: 'both',
      fix: 'Go on with --resume, or start anew with --overwrite.',
    })
  }
  await recoverFolder(await folderPath(out))
  // Who starts anew need not know what there was.
  const hasRun = !overwrite && (await readRecord(out)) !== undefined
  if (hasRun && !resume && !overwrite) {
    throw new InvalidArgumentError({
      argument: '--out',
      rule: 'must not exist yet',
      received: `${out}, which holds a run`,
      fix: 'Choose another folder, go on with --resume, or start anew with --overwrite.',
    })
  }
  await assertWritableFolder(out, { kind: CHECKPOINT_FOLDER, overwrite: overwrite || resume })
  if (!resume || hasRun || !(await exists(out))) return
  throw new InvalidArgumentError({
    argument: '--resume',
    rule: 'needs the folder of a run',
    received: `${out}, which has no ${RECORD}`,
    fix: 'It was written by another command: start anew with --overwrite.',
  })
}

/**
 * Makes a run's folder ready: empty but for its record, or, to go on, as it was at the last checkpoint. With `overwrite` an
 * old model stays until there is a new one.
 *
 * @returns the state to go on from, if there is one, and sentences for a person
 * @throws InvalidArgumentError where the run that is there is another one, or the folder has come to be meanwhile.
 */
export async function openRunFolder(
  out: string,
  record: RunRecord,
  { resume, overwrite }: RunFolderOptions,
): Promise<{ last?: Awaited<ReturnType<typeof loadLast>>; notes: string[] }> {
  const before = resume ? await readRecord(out) : undefined
  if (before) {
    const notes = assertSameRun(before, { model_type: 'maf-run', ...record })
    await recoverFolder(join(out, LAST))
    const last = await loadLast(out)
    await rewindEvents(out, last?.progress ?? { step: 0, epoch: 1 })
    const { epoch = 1, step = 0 } = last?.progress ?? {}
    const where = last ? `after step ${step}, in epoch ${epoch}` : 'at the start: it had no checkpoint yet'
    return { last, notes: [...notes, `Resumed ${where}.`] }
  }
  const options = { kind: CHECKPOINT_FOLDER, overwrite }
  await assertWritableFolder(out, options)
  const written = `${JSON.stringify({ model_type: 'maf-run', ...record }, null, 2)}\n`
  if (await exists(out)) {
    // What the old run left goes first: no kill may leave it to the new one. By now nothing may tell any more whose it was.
    const old = [LAST, EVENTS, REPORT, CURVES].map(name => join(out, name))
    for (const path of old) await rm(path, { recursive: true, force: true })
    await replaceFile(out, RECORD, written)
  } else await writeFolder(out, { [RECORD]: written }, options)
  return { notes: [] }
}
