import { contrastiveLoss } from '@mafjs/align'
import { crfLogLikelihood } from '@mafjs/crf'
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { WorkSpec } from '../protocol'

/** A loss of some tensors, the first ones of which get a gradient. */
export interface LossProgram {
  differentiated: string[]
  loss: (tensors: Record<string, Tensor>) => Scalar
}

const contrastive = ({ temperature, textToImageWeight }: WorkSpec): LossProgram => ({
  differentiated: ['text', 'image'],
  loss: ({ text, image }) =>
    contrastiveLoss({
      text: text as Tensor2D,
      image: image as Tensor2D,
      temperature,
      textToImageWeight,
    }).loss,
})

const crf = (): LossProgram => ({
  differentiated: ['emissions', 'start', 'end', 'transitions'],
  loss: ({ emissions, labels, mask, start, end, transitions }) =>
    tf.neg(
      tf.mean(
        crfLogLikelihood(
          {
            emissions: emissions as Tensor3D,
            labels: labels as Tensor2D,
            mask: mask as Tensor2D,
            start: start as Tensor1D,
            end: end as Tensor1D,
            transitions: transitions as Tensor2D,
          },
          { checkValues: false },
        ),
      ) as Scalar,
    ),
})

/** The loss of a work and what it is differentiated by. */
export const lossProgram = (work: WorkSpec): LossProgram => (work.kind === 'crf' ? crf() : contrastive(work))
