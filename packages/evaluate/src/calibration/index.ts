export { chooseThreshold, type ThresholdGoal } from './choose-threshold'
export {
  type MixtureCalibration,
  type MixtureOptions,
  mixtureCalibration,
} from './mixture-calibration'
export {
  type Calibration,
  type PlattCalibration,
  type PlattOptions,
  plattCalibration,
} from './platt-calibration'
export { calibrationError, type ReliabilityBin, reliability } from './reliability'
