import type { EngineOptions } from '@mafjs/compile/engine'

/** What runs on both engines is given these, one after the other. */
export const BOTH_ENGINES: [name: string, options: EngineOptions][] = [
  ['onnx', { engine: 'onnx', threads: 1 }],
  ['tfjs', { backend: 'cpu' }],
]
