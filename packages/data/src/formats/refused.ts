import type { Refuse, Wrong } from '../posts/data-error'
import type { FaultCode } from '../posts/problem'

/** Ends the reading of one post. */
export class Refused extends Error {
  constructor(
    readonly code: FaultCode,
    readonly wrong: Wrong,
  ) {
    super(wrong.rule)
  }
}

/** What refuses a post for one kind of fault. */
export const refuseAs =
  (code: FaultCode): Refuse =>
  (rule, received, fix) => {
    throw new Refused(code, { rule, received, fix })
  }

/** Refuses a post that cannot be read. */
export const refuse: Refuse = refuseAs('unreadable-line')
