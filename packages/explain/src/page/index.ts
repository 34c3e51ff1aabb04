export { explanationScript } from './carried'
export { type ErrorsPageOptions, errorsPage } from './errors-page'
export { type ExplanationPageOptions, explanationPage } from './explanation-page'
export type { Carried } from './html-document'
