import { arithmetic } from './arithmetic'
import { eventLoop } from './event-loop'
import type { Measurement } from './measurement'
import { preprocessing } from './preprocessing'
import { tracing } from './tracing'
import { twoWorkers } from './two-workers'

/** What is measured besides the race, in the order of the report. */
export const measurements: readonly Measurement[] = [
  arithmetic,
  tracing,
  twoWorkers,
  eventLoop,
  preprocessing,
]
