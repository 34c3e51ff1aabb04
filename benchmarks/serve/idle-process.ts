import { monitorEventLoopDelay } from 'node:perf_hooks'
import { answerParent } from '@mafjs/tensor/processes'

// A process that does nothing, and how long its event loop was held: that much is the machine's, whose processors others had.

/** As the server's own monitor has it, in milliseconds. */
const RESOLUTION = 10

const delay = monitorEventLoopDelay({ resolution: RESOLUTION })

answerParent<{ to: 'start' | 'longest' }>(async ({ to }): Promise<number> => {
  if (to === 'start') delay.enable()
  return Math.max(0, delay.max / 1e6 - RESOLUTION)
})
