export { type TemplateNameInputs, type TemplateNameOutputs, templateName } from './template-name'
export {
  createTemplateName,
  type TemplateNameModuleInputs,
  type TemplateNameOptions,
} from './template-name-module'
