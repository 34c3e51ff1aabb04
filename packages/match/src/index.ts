export { type ExchangedRows, exchangedRows } from './exchanged-rows'
export {
  type ChooseExchangesOptions,
  chooseExchanges,
  type LabelledExchanges,
  type PictureId,
  publishedExchanges,
} from './exchanges'
export { exchangesOf, mostExchanged } from './exchanges-of'
export {
  createMatching,
  type MatchingInputs,
  type MatchingOutputs,
} from './matching'
export { type MatchingLossInputs, matchingLoss } from './matching-loss'
export {
  type ExchangeRule,
  type MatchingConfig,
  type MatchingOptions,
  matchingPresets,
} from './matching-options'
export { type Partners, swapNegatives } from './swap-negatives'
