import * as tf from '@tensorflow/tfjs-core'
import { expect, vi } from 'vitest'
import { probeInt8 } from '../../src'
import { loadRuntime } from '../../src/session/load-runtime'

/** One thread that does not spin: tests share the machine. */
export const QUIET = { threads: 1, spinning: false }

/** A tensor as plain data. */
export interface Plain {
  shape: readonly number[]
  dtype: string
  values: number[]
}

/** A record with every tensor replaced by its data. */
export async function plain(tree: unknown): Promise<unknown> {
  if (tree instanceof tf.Tensor) {
    return { shape: tree.shape, dtype: tree.dtype, values: Array.from(await tree.data()) } satisfies Plain
  }
  if (Array.isArray(tree)) return Promise.all(tree.map(plain))
  if (typeof tree !== 'object' || tree === null || ArrayBuffer.isView(tree)) return tree
  const entries = await Promise.all(
    Object.entries(tree).map(async ([name, value]) => [name, await plain(value)]),
  )
  return Object.fromEntries(entries as [string, unknown][])
}

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && 'values' in value && 'dtype' in value

/** Expects the same tree with the same shapes and types, numbers within a tolerance relative to the greatest. */
export function expectSame(actual: unknown, expected: unknown, tolerance = 1e-6, path = 'result'): void {
  if (isPlain(expected)) {
    const { values, ...kind } = actual as Plain
    expect(kind, path).toEqual({ shape: expected.shape, dtype: expected.dtype })
    expect(values.length, path).toBe(expected.values.length)
    const greatest = expected.values.reduce(
      (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
      1,
    )
    for (const [i, value] of expected.values.entries()) {
      if (Object.is(values[i], value)) continue
      expect(
        Math.abs(values[i]! - value) / greatest,
        `${path}[${i}]: ${values[i]} and ${value}`,
      ).toBeLessThanOrEqual(tolerance)
    }
    return
  }
  if (typeof expected !== 'object' || expected === null || ArrayBuffer.isView(expected)) {
    expect(actual, path).toEqual(expected)
    return
  }
  expect(Object.keys(actual as object), path).toEqual(Object.keys(expected))
  for (const [name, value] of Object.entries(expected)) {
    expectSame((actual as Record<string, unknown>)[name], value, tolerance, `${path}.${name}`)
  }
}

/** Counts the sessions that ONNX Runtime makes and frees from now on. */
export async function countSessions(): Promise<{ made: number; alive: number }> {
  const { InferenceSession } = await loadRuntime()
  // It makes sessions of its own before the first other.
  await probeInt8()
  const count = { made: 0, alive: 0 }
  const create = InferenceSession.create.bind(InferenceSession) as (
    ...given: unknown[]
  ) => ReturnType<typeof InferenceSession.create>
  vi.spyOn(InferenceSession, 'create').mockImplementation(async (...given: unknown[]) => {
    const session = await create(...given)
    count.made += 1
    count.alive += 1
    const release = session.release.bind(session)
    session.release = async () => {
      count.alive -= 1
      await release()
    }
    return session
  })
  return count
}

/** What a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise
  } catch (error) {
    return error as Error
  }
  throw new Error('Nothing was rejected.')
}
