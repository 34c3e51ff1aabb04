export { type AsLayerOptions, asLayer, type ModuleFactory, registerLayer } from './as-layer'
export type { LayerInput, LayerWiringOptions } from './layer-wiring'
export { type LayerArguments, ModuleLayer } from './module-layer'
