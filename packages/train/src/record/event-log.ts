import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { nameFailureSync, readTextIfThere, replaceFile } from '@mafjs/tensor/files'
import { checkFields, isNumber, isObject, optional, parseJson } from '@mafjs/tensor/json'
import type { TrainingEvent } from './events'
import { isLossValues } from './saved-values'
import type { TrainingProgress } from './training-progress'

/** A run's events within its folder, one JSON object on each line. */
export const EVENTS = 'events.jsonl'

const FIX = 'The file is damaged: start anew with overwrite: true, or choose another folder.'

/** What is read of every event. */
const FIELDS = {
  step: { epoch: isNumber, losses: isLossValues, step: isNumber, learningRate: isNumber },
  epoch: { epoch: isNumber, losses: isLossValues, validation: optional(isObject) },
}

/**
 * Reads the events of a run; a last line that was not finished is left out.
 *
 * @throws InvalidArgumentError naming file and line of what is no event.
 */
export async function readEvents(out: string): Promise<TrainingEvent[]> {
  const file = join(out, EVENTS)
  const lines = ((await readTextIfThere(file, FIX)) ?? '').split('\n')
  // What follows the last line break is empty, or was being written when the process ended.
  return lines.slice(0, -1).map((line, index) => {
    const at = `${file}:${index + 1}`
    const type = (value: unknown): boolean => value === 'step' || value === 'epoch'
    const event = parseJson<TrainingEvent>(line, at, { fields: { type }, fix: FIX })
    checkFields(event, at, { fields: FIELDS[event.type], fix: FIX })
    return event
  })
}

/** Takes back what a run wrote after its last checkpoint: it will be done, and written, again. */
export async function rewindEvents(
  out: string,
  { step, epoch }: Pick<TrainingProgress, 'step' | 'epoch'>,
): Promise<void> {
  const kept = (await readEvents(out)).filter(event =>
    event.type === 'step' ? event.step <= step : event.epoch < epoch,
  )
  await replaceFile(out, EVENTS, kept.map(event => `${JSON.stringify(event)}\n`).join(''))
}

/** Appends an event; it is in the file when this returns. */
export function logEvent(out: string, event: TrainingEvent): void {
  const file = join(out, EVENTS)
  nameFailureSync(file, () => appendFileSync(file, `${JSON.stringify(event)}\n`))
}
