import type { ThreadOptions } from '@mafjs/compile'
import { useBackend } from '@mafjs/compile/engine'
import { batchArrays } from '../batch-arrays'
import { loadModel } from '../load-model'
import { readBatches } from '../stored-batches'
import type { Engine } from '../work'
import { createCompiledInference } from './inference'
import { createCompiledLoss } from './losses'
import { createCompiledTraining } from './training'

/** `@mafjs/compile`: programs that ONNX Runtime runs. */
export const compiledEngine: Engine = {
  name: 'compiled',
  load: async ({ work, folder, settings }) => {
    // Where the variables lie; nothing is computed there.
    await useBackend('cpu')
    const session: ThreadOptions = {
      threads: Number(settings['threads']),
      spinning: settings['spinning'] !== 'off',
      worker: settings['worker'] === 'on',
      ...(settings['executionProvider'] !== undefined && {
        executionProvider: String(settings['executionProvider']),
      }),
      ...(settings['profile'] !== undefined && { profile: String(settings['profile']) }),
    }
    const batches = readBatches(folder, work.inputs)
    if (work.kind === 'contrastive' || work.kind === 'crf')
      return createCompiledLoss(work, batches[0]!, session)
    const features = 'regions' in batches[0]!
    const model = await loadModel({ folder, model: work.model ?? 'reference', features })
    const inputs = batches.map(batchArrays)
    return work.kind === 'train'
      ? createCompiledTraining(model, inputs, session)
      : createCompiledInference(model, inputs[0]!, { ...session, precision: work.precision })
  },
}
