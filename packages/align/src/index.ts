export {
  type AlignmentInputs,
  type AlignmentOptions,
  type AlignmentOutputs,
  alignmentPresets,
  createAlignment,
} from './alignment'
export { type ContrastiveLoss, type ContrastiveLossInputs, contrastiveLoss } from './contrastive-loss'
