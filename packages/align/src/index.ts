export {
  type AlignmentInputs,
  type AlignmentOptions,
  type AlignmentOutputs,
  alignmentPresets,
  createAlignment,
} from './alignment'
export { type ContrastiveLoss, type ContrastiveLossInputs, contrastiveLoss } from './contrastive-loss'
export { encodingOfVectors } from './encoding-of-vectors'
