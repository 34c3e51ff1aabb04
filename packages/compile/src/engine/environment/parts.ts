import * as tf from '@tensorflow/tfjs-core'
import { compile } from '../../compile'
import { INSTALL_RUNTIME } from '../install-runtime'
import { findTfjsNode } from '../load-tfjs-node'
import { type BackendName, useBackend } from '../use-backend'

/** Something to compute with, and how it is tried. */
export interface EnvironmentPart {
  name: string
  /** The npm package it comes with. */
  package: string
  /** The module that imports it, as `import.meta.url`. @default one of this package */
  from?: string | undefined
  /** Computes something small with it; throws where that fails or comes out wrong. */
  attempt(): Promise<void>
  /** What to do where it does not work. */
  fix: string
  /** Whether nothing is wrong where it is not there. */
  isOptional: boolean
}

const assertNumbers = (numbers: ArrayLike<number>, expected: readonly number[]): void => {
  if (expected.some((number, i) => numbers[i] !== number)) {
    throw new Error(`it computed ${Array.from(numbers).join(', ')} instead of ${expected.join(', ')}`)
  }
}

const product = (x: tf.Tensor2D): tf.Tensor => tf.matMul(x, tf.tensor2d([5, 6], [2, 1]))
const factor = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }
const EXPECTED = [17, 39]

const onRuntime = (executionProvider: string) => async (): Promise<void> => {
  await useBackend('cpu')
  const program = compile(({ x }: { x: tf.Tensor2D }) => product(x), { threads: 1, executionProvider })
  try {
    const { output } = await program.run({ x: factor })
    assertNumbers(output!.data as Float32Array, EXPECTED)
  } finally {
    await program.dispose()
  }
}

const onBackend = (name: BackendName) => async (): Promise<void> => {
  await useBackend(name)
  const result = tf.tidy(() => product(tf.tensor2d(factor.data, [2, 2])))
  assertNumbers(await result.data(), EXPECTED)
  result.dispose()
}

/** Where it says how. */
const TFJS_NODE_GUIDE = 'docs/backends.md of the repository'

const needed = { isOptional: false }
const optional = { isOptional: true }

/** Everything that is tried, the fastest first. */
export const ENVIRONMENT_PARTS: readonly EnvironmentPart[] = [
  {
    ...{ name: 'engine onnx', package: 'onnxruntime-node', attempt: onRuntime('cpu'), ...optional },
    fix: INSTALL_RUNTIME,
  },
  {
    ...{
      name: 'engine onnx on WebGPU',
      package: 'onnxruntime-node',
      attempt: onRuntime('webgpu'),
      ...optional,
    },
    fix: 'it needs a GPU and its Vulkan driver (Debian: apt install libvulkan1)',
  },
  {
    ...{
      name: 'engine tfjs, backend tensorflow',
      package: findTfjsNode() ?? '@tensorflow/tfjs-node',
      ...optional,
    },
    ...{
      attempt: onBackend('tensorflow'),
      fix: `npm install @tensorflow/tfjs-node, or build it: ${TFJS_NODE_GUIDE}`,
    },
  },
  {
    ...{ name: 'engine tfjs, backend wasm', package: '@tensorflow/tfjs-backend-wasm', ...needed },
    ...{ attempt: onBackend('wasm'), fix: 'npm install @tensorflow/tfjs-backend-wasm' },
  },
  {
    ...{ name: 'engine tfjs, backend cpu', package: '@tensorflow/tfjs-backend-cpu', ...needed },
    ...{ attempt: onBackend('cpu'), fix: 'npm install @tensorflow/tfjs-backend-cpu' },
  },
]
