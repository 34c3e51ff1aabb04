import { describe, expect, it, vi } from 'vitest'
import { createLifetime, withLifetime } from '../src/lifetime'

const NAMED = { of: 'model', received: 'folder', again: 'Load it again' }
const LATE = 'model must not be used after dispose(). Received: folder. Load it again, or dispose it later.'

/** A promise and what settles it. */
function deferred<T>() {
  let resolve = (_: T): void => {}
  let reject = (_: Error): void => {}
  const promise = new Promise<T>((onResult, onError) => {
    resolve = onResult
    reject = onError
  })
  return { promise, resolve, reject }
}

describe('a lifetime', () => {
  it('ends once, after the calls under way, of which each has its own outcome; later calls are refused', async () => {
    const end = vi.fn()
    const life = createLifetime({ ...NAMED, end })
    const [first, second] = [deferred<number>(), deferred<number>()]
    const calls = [life.run(() => first.promise), life.run(() => second.promise)]
    const late = vi.fn()
    expect(life.over.aborted).toBe(false)
    const disposed = life.dispose()
    expect(life.dispose()).toBe(disposed)
    expect(String(life.over.reason)).toContain(LATE)
    await expect(life.run(late)).rejects.toThrow(LATE)
    first.resolve(7)
    expect(await calls[0]).toBe(7)
    expect(end).not.toHaveBeenCalled()
    second.reject(new Error('too hot'))
    await expect(calls[1]).rejects.toThrow('too hot')
    await disposed
    await expect(life.run(late)).rejects.toThrow(LATE)
    await life.dispose()
    expect(end).toHaveBeenCalledTimes(1)
    expect(late).not.toHaveBeenCalled()
  })

  it('ends at once where nothing is under way, and an end that fails fails for all who wait', async () => {
    const life = createLifetime({ ...NAMED, end: () => Promise.reject(new Error('stuck')) })
    expect(await life.run(() => 3)).toBe(3)
    await expect(life.dispose()).rejects.toThrow('stuck')
    await expect(life.dispose()).rejects.toThrow('stuck')
  })

  it('is given to an object: its functions are calls, all else is as it was', async () => {
    const asked = deferred<void>()
    const order: string[] = []
    const made = withLifetime(
      {
        names: ['a'],
        async wait(what: string) {
          await asked.promise
          order.push(what)
          return what
        },
        async dispose() {
          order.push('disposed')
        },
      },
      NAMED,
    )
    expect(made.names).toEqual(['a'])
    const waits = [made.wait('one'), made.wait('two')]
    const disposed = made.dispose()
    await expect(made.wait('three')).rejects.toThrow(LATE)
    asked.resolve()
    expect(await Promise.all(waits)).toEqual(['one', 'two'])
    await disposed
    expect(order).toEqual(['one', 'two', 'disposed'])
  })
})
