// @ts-check
import { fileURLToPath } from 'node:url'
import { readPackages } from '../tools/workspace/packages.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

// What a user can import, as source: `@mafjs/tensor/gradients` -> packages/tensor/src/gradients/index.ts
export const entries = readPackages(root).flatMap(({ name, path, manifest }) =>
  Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) =>
    typeof target === 'object' && target !== null && '@mafjs/source' in target
      ? [
          {
            name: name + subpath.slice(1),
            file: `${root}${path}/${String(target['@mafjs/source']).slice(2)}`,
          },
        ]
      : [],
  ),
)

/** @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions & { docsRoot: string }} */
const config = {
  plugin: [
    'typedoc-plugin-markdown',
    'typedoc-vitepress-theme',
    fileURLToPath(new URL('name-api.mjs', import.meta.url)),
  ],
  entryPoints: entries.map(({ file }) => file),
  tsconfig: fileURLToPath(new URL('tsconfig.api.json', import.meta.url)),
  out: fileURLToPath(new URL('api', import.meta.url)),
  docsRoot: fileURLToPath(new URL('.', import.meta.url)),
  name: 'API reference',
  readme: 'none',
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  sort: ['alphabetical'],
  // Every exported name has its sentence, and every {@link} leads somewhere: else there is no site.
  validation: { notExported: true, invalidLink: true, notDocumented: true },
  treatWarningsAsErrors: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  tableColumnSettings: { hideInherited: true, hideOverrides: true },
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
}

export default config
