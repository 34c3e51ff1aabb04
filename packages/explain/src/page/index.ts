export { explanationScript } from './carried'
export { type ExplanationPageOptions, explanationPage } from './explanation-page'
export type { Carried } from './html-document'
