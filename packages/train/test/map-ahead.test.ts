import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { mapAhead } from '../src'

/** A stream of numbers that says how far it was read; the last is an error. */
function numbers(count: number) {
  const state = { read: 0, closed: false }
  async function* stream(): AsyncGenerator<number> {
    try {
      for (; state.read < count; ) yield state.read++
      throw new Error('the end')
    } finally {
      state.closed = true
    }
  }
  return { stream: stream(), state }
}

test('results come in order, each call is made ahead, and no more than are allowed; an error comes last', async () => {
  const { stream, state } = numbers(9)
  let underWay = 0
  let most = 0
  const given: number[] = []
  const taking = (async () => {
    const slowFirst = async (number: number): Promise<number> => {
      most = Math.max(most, ++underWay)
      for (let turn = 9 - number; turn > 0; turn--) await setImmediate()
      underWay -= 1
      return number
    }
    for await (const number of mapAhead(stream, { atOnce: 3, stop: () => {} }, slowFirst)) {
      given.push(number)
      expect(state.read - given.length).toBeLessThanOrEqual(3)
    }
  })()
  await expect(taking).rejects.toThrow('the end')
  expect(given).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
  expect(most).toBe(3)
})

test('a result is given while the next item is waited for', async () => {
  let answered = 0
  async function* asked(): AsyncGenerator<number> {
    for (const number of [1, 2, 3]) {
      while (answered < number - 1) await setImmediate()
      yield number
    }
  }
  const double = async (number: number): Promise<number> => 2 * number
  for await (const doubled of mapAhead(asked(), { atOnce: 2, stop: () => {} }, double)) {
    expect(doubled).toBe(2 * ++answered)
  }
  expect(answered).toBe(3)
})

test('who leaves is waited for by what is under way, which is told to stop', async () => {
  const { stream, state } = numbers(100)
  const left = new AbortController()
  let ended = 0
  const untilStopped = async (number: number): Promise<number> => {
    while (number > 0 && !left.signal.aborted) await setImmediate()
    ended += 1
    return number
  }
  for await (const _ of mapAhead(stream, { atOnce: 2, stop: () => left.abort() }, untilStopped)) break
  expect(state.closed).toBe(true)
  expect(ended).toBe(state.read)
})
