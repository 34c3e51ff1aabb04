import type { EvaluationReport } from '@mafjs/evaluate'
import type { EpochEvent, LossValues, StepEvent, TrainingEvent } from '@mafjs/train'
import { Presets, SingleBar } from 'cli-progress'

/** Shows a run as it goes, on stderr. */
export interface Progress {
  onEvent(event: TrainingEvent<EvaluationReport>): void
  /** Writes a sentence on a line of its own. */
  onNote(note: string): void
  stop(): void
}

const minutes = (seconds: number): string => {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

const losses = ({ losses: { total, ...parts } }: { losses: LossValues }): string => {
  const shown = Object.entries(parts).map(([name, loss]) => `${name} ${loss.toFixed(3)}`)
  return `loss ${total!.toFixed(3)} = ${shown.join(', ')}`
}

const epochLine = (event: EpochEvent<EvaluationReport>): string => {
  const { epoch, epochs, validation, best, seconds } = event
  const f1 = validation && `, validation F1 ${(100 * validation.strict.micro.f1).toFixed(2)} (strict)`
  return `epoch ${epoch}/${epochs}: ${losses(event)}${f1 ?? ''}, ${minutes(seconds)}${best ? ', best' : ''}`
}

/** How often a run writes a line where there is no terminal to draw a bar in, milliseconds. */
const LINE_INTERVAL = 10_000

/** A bar in a terminal, a line every ten seconds elsewhere; both with loss parts, speed and time left. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const bar = stream.isTTY
    ? new SingleBar(
        {
          // A narrow terminal cuts the end off: the parts of the loss go first.
          format: '{bar} {value}/{total} | {left} left | {speed} posts/s | {losses}',
          barsize: 20,
          stream,
          hideCursor: true,
        },
        Presets.shades_classic,
      )
    : undefined
  let started = false
  let lastLine = performance.now()
  const onStep = (event: StepEvent): void => {
    const speed = event.rowsPerSecond.toFixed(1)
    const left = minutes(event.secondsLeft)
    if (bar) {
      const shown = { losses: losses(event), speed, left }
      if (started) bar.update(event.step, shown)
      else bar.start(event.steps, event.step, shown)
      started = true
    } else if (performance.now() - lastLine > LINE_INTERVAL) {
      lastLine = performance.now()
      stream.write(`step ${event.step}/${event.steps}: ${losses(event)}, ${speed} posts/s, ${left} left\n`)
    }
  }
  return {
    onEvent(event) {
      if (event.type === 'step') return onStep(event)
      if (bar) stream.write('\n')
      stream.write(`${epochLine(event)}\n`)
    },
    onNote(note) {
      if (started) stream.write('\n')
      stream.write(`${note}\n`)
    },
    stop: () => bar?.stop(),
  }
}
