import { join } from 'node:path'
import { type HostArray, openOnnx } from '@mafjs/compile'
import { type Engine, leavesOf, type Program, sessionOf } from '@mafjs/compile/engine'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readJson, readWhole } from '@mafjs/tensor/files'
import { EXPORT, EXPORT_TYPE, type TaskExportConfig } from './task-export'

/**
 * Opens what `exportTask` wrote, to be given to `predict`, `evaluate` or `openPredictor` as their `program`; ONNX Runtime
 * computes it, whichever engine computes the rest.
 *
 * @throws InvalidArgumentError for a folder that is no export, or, when it is run, for arrays without one of its inputs.
 */
export async function openExport<Inputs extends object>(
  folder: string,
  engine: Engine,
): Promise<Program<Inputs>> {
  const opened = await readWhole(
    folder,
    async place => {
      await readJson<TaskExportConfig>(join(place, EXPORT.config), {
        fields: { model_type: type => type === EXPORT_TYPE, format_version: version => version === 1 },
        fix: 'Give the folder that exportTask wrote.',
      })
      return openOnnx(join(place, EXPORT.model), sessionOf(engine))
    },
    session => session.dispose(),
  )
  return {
    async run(arrays) {
      const feeds = Object.fromEntries(
        await Promise.all(
          leavesOf(arrays).map(async ({ path, shape, data, tensor }) => [
            path,
            { shape, data: data ?? (await tensor!.data()) },
          ]),
        ),
      )
      const missing = opened.inputs.filter(name => !Object.hasOwn(feeds, name))
      if (missing.length > 0) {
        throw new InvalidArgumentError({
          argument: 'the arrays of task.collate',
          rule: `must have the inputs of ${folder}: ${opened.inputs.join(', ')}`,
          received: `none of the name ${missing.join(', ')}`,
          fix: 'Export the task again, or give the export of this very task.',
        })
      }
      return opened.run(feeds) as Promise<Record<string, HostArray>>
    },
    dispose: opened.dispose,
  }
}
