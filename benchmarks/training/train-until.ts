import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EvaluationReport } from '@mafjs/evaluate'
import { type TrainRunOptions, trainRun } from '@mafjs/ner-maf'
import { InterruptedError, type TrainingEvent } from '@mafjs/train'

/** A run, and how far. */
export interface TrainUntilOptions extends TrainRunOptions {
  /** Ends after this epoch, to go on later. @default at the end */
  until?: number | undefined
  /** Ends after the step at hand, to go on later. */
  signal: AbortSignal
}

/** An epoch as it is kept: mean loss, F1 of the validation split by both rules, seconds. */
export interface RunEpoch {
  epoch: number
  loss: number
  strict: number
  lenient: number
  seconds: number
}

/** The epochs of a run that are done; none where there is no run. */
export async function epochsOf(folder: string): Promise<RunEpoch[]> {
  const file = join(folder, 'events.jsonl')
  if (!existsSync(file)) return []
  const lines = (await readFile(file, 'utf8')).split('\n').filter(line => line !== '')
  return lines.flatMap(line => {
    const event = JSON.parse(line) as TrainingEvent<EvaluationReport>
    if (event.type !== 'epoch') return []
    const { epoch, seconds, losses, validation } = event
    const { strict, lenient } = validation!
    return { epoch, loss: losses['tagging']!, strict: strict.micro.f1, lenient: lenient.micro.f1, seconds }
  })
}

/** Whether a run is over, by its report, which is written last. */
const isFinished = (folder: string): boolean => existsSync(join(folder, 'report.md'))

/**
 * Trains up to an epoch or to the end. What is there already goes on exactly; what is finished is not done again.
 *
 * @throws InterruptedError where `signal` asked for it, after a checkpoint.
 */
export async function trainUntil({ until, signal, ...run }: TrainUntilOptions): Promise<RunEpoch[]> {
  const { out } = run
  const done = await epochsOf(out)
  if (isFinished(out) || (until !== undefined && done.length >= until)) return done
  const enough = new AbortController()
  try {
    await trainRun({
      ...run,
      resume: true,
      signal: AbortSignal.any([signal, enough.signal]),
      onNote: note => console.error(note),
      onEvent(event) {
        if (event.type === 'step') {
          const { step, steps, losses, secondsLeft } = event
          const left = Math.round(secondsLeft / 60)
          return console.error(
            `step ${step}/${steps}: loss ${losses['tagging']!.toFixed(3)}, ${left} min left`,
          )
        }
        console.error(`epoch ${event.epoch}: validation F1 ${event.validation!.strict.micro.f1} (strict)`)
        if (event.epoch === until) enough.abort()
      },
    })
  } catch (error) {
    // Asked for here: the run goes on another time.
    if (!(error instanceof InterruptedError) || signal.aborted) throw error
  }
  return epochsOf(out)
}
