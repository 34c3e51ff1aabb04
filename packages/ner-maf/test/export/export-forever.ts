import type { OnnxGraph } from '@mafjs/compile'
import type { ExportConfig } from '../../src/export/export-config'
import { writeExport } from '../../src/export/write-export'

// A process to be killed: it replaces the folder it is given, over and over, by versions that differ in every file.
const folder = process.argv[2]!
const WEIGHTS = 1_000_000
for (let version = 1; ; version++) {
  const spec = { name: 'y', type: 'float32' as const, shape: [WEIGHTS] }
  const weight = { ...spec, name: 'weight', data: new Float32Array(WEIGHTS).fill(version) }
  const graph: OnnxGraph = {
    nodes: [{ op: 'Identity', domain: '', inputs: ['weight'], outputs: ['y'], attributes: {} }],
    inputs: [],
    outputs: [spec],
    initializers: [weight],
    tensors: new Map(),
  }
  const config = { model_type: 'maf-onnx', maf_version: String(version) } as ExportConfig
  await writeExport(
    folder,
    { graph, config, tokenizer: { version }, report: { version } },
    { overwrite: version > 1, externalAbove: 0 },
  )
  if (version === 1) process.stdout.write('ready\n')
}
