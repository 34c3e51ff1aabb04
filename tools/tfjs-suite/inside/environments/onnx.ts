import { registerOnnxBackend } from '@mafjs/compile'

// Two processes share the cores: idle threads that spin would take them from each other.
registerOnnxBackend({ threads: 1, spinning: false })

/** The recording backend of @mafjs/compile; what is recorded is computed when a tensor is read, not before. */
export const environment = { name: 'onnx', backendName: 'onnx', isDataSync: false }
