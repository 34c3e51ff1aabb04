import {
  type ExportProfile,
  encodeForFiles,
  exportGraph,
  type InputSignature,
  type OnnxGraph,
} from '@mafjs/compile'
import { mapTree } from '@mafjs/compile/engine'
import { InvalidArgumentError } from '@mafjs/tensor'
import { withLock, writeFolder } from '@mafjs/tensor/files'
import { createAxisFinder } from '../axes/find-axes'
import { probesOf } from '../axes/probes-of'
import { json, modelFolder } from '../run/model-format'
import type { Task } from '../task'
import { EXPORT, EXPORT_TYPE, type TaskExportConfig } from './task-export'

/** How a task is exported. */
export interface ExportTaskOptions {
  /** Replaces an export that is there already. @default false */
  overwrite?: boolean | undefined
  /** What the graph is written for: `latency` fuses self-attention, for answers to one row. @default none, which fuses nothing */
  profile?: ExportProfile | undefined
}

/** What exporting asks of a task. */
type ExportedTask<Row, Inputs extends object> = Pick<
  Task<Row, Inputs, never, never>,
  'model' | 'collate' | 'outputs' | 'axes'
>

/**
 * Writes a task's outputs as `model.onnx`, weights and all, for any ONNX runtime. Its inputs are the arrays of `collate` by their
 * paths, such as `text.ids`; the axes of any length are found from batches of one, two and three rows.
 *
 * @param rows some rows; none of what they say becomes part of the file
 * @param folder where `model.onnx` and `config.json`, which names inputs and outputs, are written
 * @throws InvalidArgumentError for no rows, an unknown profile, or a folder that is there already.
 * @throws CompileError for a part that cannot be recorded.
 */
export async function exportTask<Row, Inputs extends object>(
  task: ExportedTask<Row, Inputs>,
  rows: readonly Row[],
  folder: string,
  { overwrite, profile }: ExportTaskOptions = {},
): Promise<void> {
  const graph = await graphOf(task, rows, profile)
  const { model, data } = encodeForFiles(graph, { location: EXPORT.data })
  const config: TaskExportConfig = {
    model_type: EXPORT_TYPE,
    format_version: 1,
    ...(profile !== undefined && { profile }),
    inputs: graph.inputs.map(({ name, type, shape }) => ({ name, type, shape })),
    outputs: graph.outputs.map(({ name, type, shape }) => ({ name, type, shape })),
  }
  const files = { [EXPORT.model]: model, [EXPORT.data]: data?.chunks(), [EXPORT.config]: json(config) }
  const kind = modelFolder('an exported task', EXPORT_TYPE)
  const argument = 'folder'
  await withLock(folder, { command: 'exportTask', argument }, () =>
    writeFolder(folder, files, { kind, overwrite, argument }),
  )
}

/** A task's outputs as a graph, with the axes of any length that its batches have. */
async function graphOf<Row, Inputs extends object>(
  task: ExportedTask<Row, Inputs>,
  rows: readonly Row[],
  profile: ExportProfile | undefined,
): Promise<OnnxGraph> {
  const finder = createAxisFinder()
  let axes = finder.observe({}, 0)
  let arrays: object | undefined
  for (const probe of probesOf(rows)) {
    const collated = await task.collate(probe)
    axes = task.axes?.(collated) ?? finder.observe(collated, probe.length)
    arrays = collated
  }
  if (!arrays) {
    throw new InvalidArgumentError({
      argument: 'rows',
      rule: 'must hold at least one row, from which the shapes of the inputs are found',
      received: 'none',
    })
  }
  const signature = mapTree(
    arrays,
    ({ path, shape, dtype }): InputSignature => ({
      shape: shape.map((length, axis) => axes.axes[path]?.[axis] ?? length),
      dtype,
    }),
  )
  const graph = await exportGraph((inputs: Inputs) => task.outputs(inputs), signature as object, {
    parameters: task.model.parameters(),
    profile,
    ...(axes.largest && { largest: axes.largest }),
  })
  // What only the loss reads, such as labels, is no input of the outputs.
  const read = new Set(graph.nodes.flatMap(({ inputs }) => inputs))
  const given = new Set(graph.outputs.map(({ name }) => name))
  return { ...graph, inputs: graph.inputs.filter(({ name }) => read.has(name) || given.has(name)) }
}
