import { dirname, join, sep } from 'node:path'
import { registerOnnxBackend } from '@mafjs/compile'

/** What each backend is started by; `onnx` computes what was recorded when a tensor is read, not before. */
const STARTS = {
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
  wasm: async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
    // The binaries stay where npm put them; the bundle lies elsewhere.
    setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '../wasm-out') + sep)
  },
  // Two processes share the cores: idle threads that spin would take them from each other.
  onnx: async () => registerOnnxBackend({ threads: 1, spinning: false }),
}

/** One of tfjs's backends that the specs can run on. */
export type SuiteBackend = keyof typeof STARTS

/** Their names. */
export const BACKENDS = Object.keys(STARTS) as SuiteBackend[]

/** Starts a backend, and says what tfjs's own test runner wants to know of it. */
export async function startEnvironment(name: SuiteBackend) {
  await STARTS[name]()
  return { name, backendName: name, isDataSync: name !== 'onnx' }
}
