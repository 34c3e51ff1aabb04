import type { Computer } from '../engine/computer'
import { checkCrf } from './check-crf'
import { checkModel } from './check-model'
import { checkResNet } from './check-resnet'
import { checkScorer } from './check-scorer'
import type { FolderReport } from './comparison'
import type { GoldenFolder } from './golden-files'

const CHECKS = { model: checkModel, crf: checkCrf, scorer: checkScorer, resnet: checkResNet }

/** Checks one golden folder by its kind; the scorer computes nothing that an engine could. */
export const checkGolden = ({ kind, path }: GoldenFolder, computer: Computer): Promise<FolderReport> =>
  CHECKS[kind](path, computer)
