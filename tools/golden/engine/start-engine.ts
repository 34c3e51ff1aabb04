import { type EngineOptions, useEngine } from '@mafjs/compile/engine'
import { createCompiledEngine } from './compiled-engine'
import { eagerEngine } from './eager-engine'
import type { GoldenEngine } from './golden-engine'

/** Starts an engine of `ner-maf` and what computes golden numbers on it. */
export async function startGoldenEngine(options: EngineOptions) {
  const engine = await useEngine(options)
  const golden: GoldenEngine = engine.name === 'onnx' ? createCompiledEngine(engine.session) : eagerEngine
  return { engine, golden }
}
