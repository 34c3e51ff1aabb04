export { digestFile, digestOf } from './digest-file'
export { exists, isMissing } from './exists'
export { folderPath } from './folder-path'
export { processStart } from './is-alive'
export { layersModelFolder } from './layers-model-folder'
export { lockFolder, withLock } from './lock-folder'
export { thisProcess } from './lock-holder'
export { lockPlace } from './lock-place'
export { nameFailureSync, writeUnsynced } from './name-failure'
export { readText, readTextIfThere, readWholeFile } from './read-file'
export { readJson, readJsonIfThere } from './read-json'
export { readWhole } from './read-whole'
export { replaceFile } from './replace-file'
export { assertWritableReport, REPORT_FILE, reportKind, writeReport } from './report-folder'
export { recoverFolder, swapPlaces } from './swap-folder'
export {
  assertWritableFolder,
  type FileContent,
  type FolderKind,
  syncFolder,
  writeFolder,
  writeSynced,
} from './write-folder'
