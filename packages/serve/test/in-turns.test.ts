import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { inTurns } from '../src/http/in-turns'

it('works in order, and lets others have their turn between', async () => {
  const done: number[] = []
  const take = inTurns((number: number) => {
    const until = performance.now() + 2
    while (performance.now() < until);
    done.push(number)
  })
  const all = Array.from({ length: 40 }, (_, i) => i)
  for (const number of all) take(number)
  expect(done).toEqual([])
  let turns = 0
  for (; done.length < all.length; turns += 1) await setImmediate()
  expect(done).toEqual(all)
  expect(turns).toBeGreaterThan(5)
  take(40)
  await setImmediate()
  await setImmediate()
  expect(done.at(-1)).toBe(40)
})
