/** The factor of the learning rate at a step, counted from 0. */
export type Schedule = (step: number) => number

/** Which part of a run warms up and how long the run is. */
export interface ScheduleOptions {
  /** Steps of the whole run. */
  total: number
  /** Share of the run in which the rate rises from 0. @default 0.1 */
  warmup?: number | undefined
}

/** Linear warm-up from 0 to 1 over whole steps, then linear decay to 0; never negative. */
export function linearSchedule({ total, warmup = 0.1 }: ScheduleOptions): Schedule {
  // Rounded down, so that a run of a few steps does not spend one of them at a rate of 0.
  const warm = Math.floor(warmup * total)
  return step => (step < warm ? step / warm : Math.max(0, (total - step) / Math.max(1, total - warm)))
}

/**
 * The schedule of the published code: with x = step / total, x / warmup while warming up, else 1 - x. It jumps from
 * 1 to 1 - warmup after the warm-up and is negative past the last step. Kept for the `reference` preset.
 */
export function publishedSchedule({ total, warmup = 0.1 }: ScheduleOptions): Schedule {
  return step => {
    const x = step / total
    return x < warmup ? x / warmup : 1 - x
  }
}

/** Linear warm-up from 0 to 1 over whole steps, then half a cosine down to 0 (Loshchilov and Hutter 2017, without restarts). */
export function cosineSchedule({ total, warmup = 0.1 }: ScheduleOptions): Schedule {
  const warm = Math.floor(warmup * total)
  return step => {
    if (step < warm) return step / warm
    const share = Math.min(1, (step - warm) / Math.max(1, total - warm))
    return (1 + Math.cos(Math.PI * share)) / 2
  }
}

/** The same rate at every step, after a linear warm-up from 0 over whole steps. @default no warm-up */
export function constantSchedule({ total, warmup }: ScheduleOptions = { total: 0, warmup: 0 }): Schedule {
  const warm = Math.floor((warmup ?? 0.1) * total)
  return step => (step < warm ? step / warm : 1)
}
