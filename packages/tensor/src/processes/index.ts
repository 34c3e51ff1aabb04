export { type AnswerParentOptions, answerParent } from './answer-parent'
export {
  type AnsweringProcess,
  ProcessGoneError,
  type StartProcessOptions,
  startProcess,
} from './start-process'
