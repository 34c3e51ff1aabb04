import { callSite, type Origin } from './origin'

/** What went wrong while a program was recorded or run: the operation, where it was called, and what to do. */
export interface CompileFailure {
  /** What happened, one sentence without the end. */
  what: string
  origin?: Origin
  fix: string
  cause?: unknown
}

/** Thrown for a program that cannot be compiled or run. */
export class CompileError extends Error {
  override name = 'CompileError'
  /** What happened, without where and what to do. */
  readonly what: string
  constructor({ what, origin, fix, cause }: CompileFailure) {
    const site = origin ? callSite(origin) : ''
    super(
      `${what}.${site ? ` Called from:${site}\n ` : ''} ${fix}`,
      cause === undefined ? undefined : { cause },
    )
    this.what = what
  }
}
