/** An error as it crosses from one process to another. */
type Failure = Record<'name' | 'message' | 'stack', string>

/** What a process sends back for a question. */
export type Reply<Answer> = { answer: Answer } | { failure: Failure }

const failureOf = (error: unknown): Failure => {
  const { name, message, stack = message } = error instanceof Error ? error : new Error(String(error))
  return { name, message, stack }
}

/** How a process answers. */
export interface AnswerParentOptions {
  /** Leaves SIGINT, SIGTERM and SIGHUP to the parent: a terminal sends them to all of its processes. @default false */
  untilReleased?: boolean | undefined
}

/** The side of a process that `startProcess` started: answers its parent until that lets go of it, or is gone. */
export function answerParent<Question extends object>(
  answer: (question: Question) => Promise<unknown>,
  { untilReleased = false }: AnswerParentOptions = {},
): void {
  // At once, in the middle of a question too: nobody is there any more who waits for it.
  process.once('disconnect', () => process.exit())
  if (untilReleased)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  process.on('message', async (question: Question) => {
    const reply: Reply<unknown> = await answer(question).then(
      answer => ({ answer }),
      error => ({ failure: failureOf(error) }),
    )
    // A parent that is gone by now is told of by 'disconnect'; without a callback, not to reach it would be an error that nobody catches.
    process.send?.(reply, undefined, undefined, () => {})
  })
}
