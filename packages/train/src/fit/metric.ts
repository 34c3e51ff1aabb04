import { InvalidArgumentError } from '@mafjs/tensor'
import type { Task } from '../task'

/** What chooses the best epoch: more is better. */
export function metric<Report extends object>(
  task: Pick<Task<never, never, never, Report>, 'metric'>,
  report: Report,
): number {
  const score = task.metric ? task.metric(report) : (report as { score?: unknown }).score
  if (typeof score === 'number' && !Number.isNaN(score)) return score
  throw new InvalidArgumentError({
    argument: task.metric ? 'task.metric' : 'the report of task.score',
    rule: task.metric ? 'must give a number' : 'must have a number "score", which chooses the best epoch',
    received: score,
    fix: 'Return { ...report, score }, or give the task a metric.',
  })
}
