// @ts-check
// A plug-in of TypeDoc: modules are called as users import them, not after their files, and options that a signature takes
// apart are called so.
import { Converter, ReflectionKind } from 'typedoc'
import { entries } from './typedoc.config.mjs'

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const file = project.getSymbolIdFromReflection(module)?.fileName.replaceAll('\\', '/')
      module.name = entries.find(entry => entry.file === file)?.name ?? module.name
    }
    for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter))
      if (parameter.name === '__namedParameters') parameter.name = 'options'
  })
}
