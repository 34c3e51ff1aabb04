/** A run that was asked to stop before its end, and can be resumed where it was saved. */
export class InterruptedError extends Error {
  override name = 'InterruptedError'
  constructor(
    /** Steps done. */
    readonly step: number,
  ) {
    super(`Training was interrupted after step ${step}.`)
  }
}
