import { appendFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../folders/replace-file'
import type { TrainingEvent } from './events'
import type { TrainingProgress } from './training-progress'

/** A run's events within its folder, one JSON object on each line. */
export const EVENTS = 'events.jsonl'

/** Reads the events of a run; a last line that was not finished is left out. */
export async function readEvents(out: string): Promise<TrainingEvent[]> {
  const text = await readFile(join(out, EVENTS), 'utf8').catch(() => '')
  const lines = text.split('\n')
  // What follows the last line break is empty, or was being written when the process ended.
  return lines.slice(0, -1).map(line => JSON.parse(line) as TrainingEvent)
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
  appendFileSync(join(out, EVENTS), `${JSON.stringify(event)}\n`)
}
