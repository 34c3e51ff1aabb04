import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { compile, registerOnnxBackend } from '../../src/index'
import { loadRuntime } from '../../src/session/load-runtime'
import { countSessions, QUIET, rejection } from '../compile/compare'

beforeAll(() => {
  registerGradients()
  registerOnnxBackend(QUIET)
})
beforeEach(async () => {
  await tf.setBackend('onnx')
})
afterEach(() => {
  vi.restoreAllMocks()
  tf.disposeVariables()
})

const counts = (): number[] => {
  const { numTensors, numDataBuffers, numBytes } = tf.memory()
  return [numTensors, numDataBuffers, numBytes, tf.engine().findBackend('onnx').numDataIds()]
}

describe('the backend onnx computes what is read', () => {
  it('and with it all that is held, once', async () => {
    const count = await countSessions()
    const before = counts()
    const x = tf.tensor1d([1, 2, 3])
    const y = tf.square(x)
    const z = tf.add(y, 1)
    const unread = tf.exp(z)
    expect(count.made).toBe(0)
    expect(await z.data()).toEqual(Float32Array.of(2, 5, 10))
    expect([await z.data(), await y.data(), (await unread.data())[0]]).toEqual([
      Float32Array.of(2, 5, 10),
      Float32Array.of(1, 4, 9),
      expect.closeTo(Math.exp(2), 4),
    ])
    // What is computed may be read at once, and is not computed again for what comes after it.
    expect(y.dataSync()).toEqual(Float32Array.of(1, 4, 9))
    expect(count).toEqual({ made: 1, alive: 0 })
    const after = tf.sum(unread)
    await after.data()
    expect(count.made).toBe(2)
    tf.dispose([x, y, z, unread, after])
    expect(counts()).toEqual(before)
  })

  it('under the options it was registered with last', async () => {
    const { InferenceSession } = await loadRuntime()
    const create = vi.spyOn(InferenceSession, 'create')
    registerOnnxBackend({ threads: 2 })
    registerOnnxBackend()
    await tf.square(tf.scalar(2)).data()
    registerOnnxBackend(QUIET)
    await tf.square(tf.scalar(3)).data()
    const threads = create.mock.calls.map(call => (call as unknown[])[1] as { intraOpNumThreads: number })
    expect(threads.map(({ intraOpNumThreads }) => intraOpNumThreads)).toEqual([2, 1])
  })

  it('for many readers at the same time, and though a tensor is disposed meanwhile', async () => {
    const count = await countSessions()
    const tensors = Array.from({ length: 20 }, (_, i) => tf.tidy(() => tf.mul(tf.scalar(i), i + 1)))
    const reads = tensors.map(tensor => tensor.data())
    tensors[7]!.dispose()
    expect((await Promise.all(reads)).map(([value]) => value)).toEqual(tensors.map((_, i) => i * (i + 1)))
    // The disposed one is no longer held, and so it may take a run of its own.
    expect(count.made).toBeLessThanOrEqual(2)
    tf.dispose(tensors)
  })

  it('and tensors of every type that a graph need not be made for', async () => {
    const count = await countSessions()
    const tensors = [
      tf.ones([2]),
      tf.fill([2], 3, 'int32'),
      tf.zeros([0, 3]),
      tf.tensor1d([true, false]),
      tf.zerosLike(tf.tensor1d([1, 2])),
    ]
    const data = await Promise.all(tensors.map(tensor => tensor.data()))
    expect(data).toEqual([
      Float32Array.of(1, 1),
      Int32Array.of(3, 3),
      new Float32Array(0),
      Uint8Array.of(1, 0),
      Float32Array.of(0, 0),
    ])
    expect(await tf.tensor1d(['a', 'ß']).data()).toEqual(['a', 'ß'])
    expect(count.made).toBe(0)
  })

  it('but not at once: dataSync says what to do, and where it was called', () => {
    const y = tf.square(tf.scalar(3))
    expect(() => y.dataSync()).toThrow(
      /^dataSync\(\) was called on a tensor of the onnx backend that is not computed yet\. Called from:\n {4}at .*backend\.test\.ts:\d+:\d+.*\n {2}Read it with await tensor\.data\(\), or await tf\.backend\(\)\.read\(dataId\) once before\.$/s,
    )
  })

  it('beside a tensor that cannot be computed', async () => {
    const bad = tf.gather(tf.tensor1d([1, 2]), tf.tensor1d([5], 'int32'))
    const good = tf.square(tf.scalar(3))
    expect(await good.data()).toEqual(Float32Array.of(9))
    for (let i = 0; i < 2; i++) {
      expect((await rejection(bad.data())).message).toMatch(
        /at Gather, made for GatherV2: .*idx=5 .*Called from:\n {4}at .*backend\.test\.ts/s,
      )
    }
    tf.dispose([bad, good])
  })

  it('but nothing that was kept from the recording of a program', async () => {
    await tf.setBackend('cpu')
    const kept: tf.Tensor[] = []
    const compiled = compile(({ x }: { x: tf.Tensor }) => {
      kept.push(tf.keep(tf.clone(x)), tf.keep(tf.square(x)))
      return tf.neg(x)
    }, QUIET)
    await compiled({ x: tf.scalar(2) })
    await tf.setBackend('onnx')
    for (const tensor of kept) {
      expect((await rejection(tensor.data())).message).toMatch(
        /kept from the recording of a program, computed from its input x\. Return from/,
      )
    }
    // What can be computed is computed together as ever.
    const [square, cube] = [tf.square(tf.scalar(3)), tf.pow(tf.scalar(3), 3)]
    expect([await square.data(), cube.dataSync()]).toEqual([Float32Array.of(9), Float32Array.of(27)])
    tf.dispose(kept)
    await compiled.dispose()
  })
})

describe('tensors move between backends', () => {
  it('there and back, with every view of them', async () => {
    const before = counts()
    await tf.setBackend('cpu')
    const whole = tf.tensor1d([1, 2, 3, 4], 'int32')
    // On the cpu backend these are the same array under another type and shape.
    const wide = tf.cast(whole, 'float32')
    const square = tf.reshape(whole, [2, 2])
    const variable = tf.tidy(() => tf.variable(tf.tensor1d([1, 1, 2, 2]), true, 'backend.moving'))
    await tf.setBackend('wasm')
    const fromWasm = tf.neg(variable)
    const read = vi.spyOn(tf.engine().findBackend('cpu'), 'readSync')
    await tf.setBackend('onnx')
    const sum = tf.tidy(() =>
      tf.add(
        tf.add(tf.mul(wide, 0.5), fromWasm),
        tf.mul(variable, tf.cast(tf.reshape(square, [4]), 'float32')),
      ),
    )
    const matrix = tf.tidy(() => tf.add(square, 1))
    expect(matrix.dtype).toBe('float32')
    expect([await sum.data(), await matrix.data()]).toEqual([
      Float32Array.of(0.5, 2, 5.5, 8),
      Float32Array.of(2, 3, 4, 5),
    ])
    // The array of three tensors moved once.
    expect(read).toHaveBeenCalledTimes(1)
    for (const backend of ['wasm', 'cpu', 'onnx', 'cpu']) {
      await tf.setBackend(backend)
      const result = tf.tidy(() => tf.add(tf.add(sum, variable), fromWasm))
      expect(await result.data(), backend).toEqual(Float32Array.of(0.5, 2, 5.5, 8))
      result.dispose()
    }
    expect([await whole.data(), await square.array()]).toEqual([
      Int32Array.of(1, 2, 3, 4),
      [
        [1, 2],
        [3, 4],
      ],
    ])
    tf.dispose([whole, wide, square, fromWasm, sum, matrix, variable])
    expect(counts()).toEqual(before)
  })
})

describe('a training by tfjs itself', () => {
  const data = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i))
  const train = async (
    backend: string,
    steps: number,
    seen: (step: number) => void = () => undefined,
  ): Promise<Float32Array> => {
    await tf.setBackend(backend)
    const [w, b] = tf.tidy(
      () => [tf.variable(tf.tensor2d(data.slice(0, 12), [3, 4])), tf.variable(tf.zeros([4]))] as const,
    )
    const optimizer = tf.train.adam(0.05, 0.9, 0.999, 1e-3)
    const x = tf.tensor2d(data, [8, 3])
    const y = tf.tidy(() => tf.sin(tf.mul(tf.matMul(x, tf.ones([3, 4])), 2)))
    for (let step = 0; step < steps; step++) {
      const loss = optimizer.minimize(
        () =>
          tf.mean(
            tf.square(tf.sub(tf.tanh(tf.add(tf.matMul(x, w as unknown as tf.Tensor2D), b)), y)),
          ) as tf.Scalar,
        true,
      )!
      await loss.data()
      loss.dispose()
      seen(step)
    }
    const result = (await w.data()) as Float32Array
    const kept = result.slice()
    optimizer.dispose()
    tf.dispose([w, b, x, y])
    return kept
  }

  it('gives the same numbers as on cpu, and its graphs do not grow', async () => {
    const before = counts()
    const { InferenceSession } = await loadRuntime()
    const create = vi.spyOn(InferenceSession, 'create')
    const held: string[] = []
    const actual = await train('onnx', 200, step => {
      // The first step makes the optimiser's own variables.
      if (step > 0) held.push(String(counts()))
    })
    expect(new Set(held).size).toBe(1)
    expect(counts()).toEqual(before)
    const sizes = create.mock.calls.map(([model]) => (model as unknown as Uint8Array).byteLength)
    expect(sizes.length).toBeGreaterThanOrEqual(200)
    expect(Math.max(...sizes.slice(100))).toBeLessThanOrEqual(Math.max(...sizes.slice(2, 50)) + 64)
    const expected = await train('cpu', 200)
    for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 4)
  })
})
