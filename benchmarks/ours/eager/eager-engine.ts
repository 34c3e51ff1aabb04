import { useBackend } from '@mafjs/compile/engine'
import { useWebGpu } from '../../backends/web-gpu'
import { batchArrays } from '../batch-arrays'
import { loadModel } from '../load-model'
import { mafInputs } from '../maf-inputs'
import { readBatches } from '../stored-batches'
import type { Engine } from '../work'
import { createInference } from './inference'
import { createLoss } from './losses'
import { createTraining } from './training'

/** Plain tfjs: slow, and the judge of what the compiled engine computes. */
export const eagerEngine: Engine = {
  name: 'tfjs (eager)',
  load: async ({ work, folder, settings }) => {
    if (settings['backend'] === 'webgpu') await useWebGpu()
    else await useBackend('auto')
    if (work.precision === 'int8') throw new Error('The eager engine has no int8.')
    const batches = readBatches(folder, work.inputs)
    if (work.kind === 'contrastive' || work.kind === 'crf') return createLoss(work, batches[0]!)
    const features = 'regions' in batches[0]!
    const model = await loadModel({ folder, model: work.model ?? 'reference', features })
    const inputs = batches.map(batch => mafInputs(batchArrays(batch)))
    return work.kind === 'train' ? createTraining(model, inputs) : createInference(model, inputs[0]!)
  },
}
