import { dirname, join, sep } from 'node:path'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'

// The binaries stay where npm put them; the bundle lies elsewhere.
setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), '../wasm-out') + sep)

/** tfjs's WebAssembly backend. */
export const environment = { name: 'wasm', backendName: 'wasm', isDataSync: true }
