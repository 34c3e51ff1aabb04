import { InvalidArgumentError } from './errors'

/** What lives, for the error of a call that comes too late. */
export interface LifetimeOptions {
  /** What is called: `model`. */
  of: string
  /** Which one it is, or what was asked of it. @default 'a call' */
  received?: string | undefined
  /** How another is had, as a sentence begins: `Load it again with loadMaf`. */
  again: string
  /** Frees it; called once, when no call is under way any more. */
  end(): void | Promise<void>
}

/** The time from making something to freeing it, and the calls within. */
export interface Lifetime {
  /**
   * Makes a call, at once.
   *
   * @throws InvalidArgumentError after `dispose()`.
   */
  run<T>(call: () => T | Promise<T>): Promise<T>
  /** Aborted by `dispose()`, with the error of calls that come too late: for those who wait for something else. */
  readonly over: AbortSignal
  /** Refuses calls from now on, waits for those under way, then frees; a second one does nothing but wait for the first. */
  dispose(): Promise<void>
}

/** Lets something be freed at any time: calls under way end well, later ones are refused by name. */
export function createLifetime({ of, received = 'a call', again, end }: LifetimeOptions): Lifetime {
  const over = new AbortController()
  let underWay = 0
  let onLast = (): void => {}
  let ended: Promise<void> | undefined

  const refusal = (): InvalidArgumentError =>
    new InvalidArgumentError({
      argument: of,
      rule: 'must not be used after dispose()',
      received,
      fix: `${again}, or dispose it later.`,
    })

  const endAfterCalls = async (): Promise<void> => {
    over.abort(refusal())
    // A count, not the calls themselves: what they gave is not to be kept.
    if (underWay > 0) {
      await new Promise<void>(resolve => {
        onLast = resolve
      })
    }
    await end()
  }

  return {
    async run(call) {
      if (over.signal.aborted) throw refusal()
      underWay += 1
      try {
        return await call()
      } finally {
        underWay -= 1
        if (underWay === 0) onLast()
      }
    },
    over: over.signal,
    dispose() {
      ended ??= endAfterCalls()
      return ended
    },
  }
}

/** Something whose every function gives a promise. */
type Asynchronous<Made> = {
  [Name in keyof Made]: Made[Name] extends (...given: never[]) => infer Result
    ? Result extends Promise<unknown>
      ? Made[Name]
      : never
    : Made[Name]
}

/**
 * The same with a lifetime: `dispose`, which frees it, runs once and after the calls of all its other functions that are
 * under way; later calls are refused.
 */
export function withLifetime<Made extends Asynchronous<Made> & { dispose(): Promise<void> }>(
  made: Made,
  named: Omit<LifetimeOptions, 'end'>,
): Made {
  const { run, dispose } = createLifetime({ ...named, end: () => made.dispose() })
  const members = Object.entries(made as object).map(([name, member]) => [
    name,
    typeof member === 'function' ? (...given: unknown[]) => run(() => member(...given)) : member,
  ])
  return { ...Object.fromEntries(members), dispose }
}
