import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Files by path; JSON files may be given as values. */
export type Files = Record<string, unknown>

const core = '@tensorflow/tfjs-core'

const packageFiles = (short: string, dependencies: string[], source: string): Files => {
  const own = dependencies.filter(name => name.startsWith('@mafjs/'))
  const folder = `packages/${short}`
  return {
    [`${folder}/package.json`]: {
      name: `@mafjs/${short}`,
      version: '0.1.0',
      license: 'Apache-2.0',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      exports: {
        '.': { '@mafjs/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
        './package.json': './package.json',
      },
      files: ['dist', 'CHANGELOG.md'],
      publishConfig: { access: 'public' },
      scripts: { build: 'tsup' },
      dependencies: Object.fromEntries(dependencies.map(name => [name, '^0.1.0'])),
      peerDependencies: { [core]: '^4.22.0' },
    },
    [`${folder}/tsconfig.json`]: {
      references: own.map(name => ({ path: `../${name.replace('@mafjs/', '')}` })),
    },
    [`${folder}/tsconfig.build.json`]: {},
    [`${folder}/tsup.config.ts`]: '',
    [`${folder}/vitest.config.ts`]: '',
    [`${folder}/README.md`]: '# It\n\n```ts\nimport {} from "it"\n```\n',
    [`${folder}/LICENSE`]: 'Apache-2.0',
    [`${folder}/src/index.ts`]: `export { made } from './${short}-made'\n`,
    [`${folder}/src/${short}-made.ts`]: source,
    [`${folder}/test/made.test.ts`]: `import { test } from 'vitest'\nimport { made } from '../src/${short}-made'\n`,
  }
}

/** A small workspace that breaks no rule: tensor, two siblings above it, and ner-maf on top. */
export const soundWorkspace = (): Files => ({
  'package.json': {
    name: 'maf',
    license: 'Apache-2.0',
    engines: { node: '>=20.19' },
    devDependencies: { vitest: '4.1.12' },
  },
  'package-lock.json': {
    packages: {
      '': {},
      'packages/tensor': { version: '0.1.0' },
      'node_modules/@mafjs/tensor': { resolved: 'packages/tensor', link: true },
      'node_modules/vitest': { version: '4.1.12', integrity: 'sha512-x' },
    },
  },
  'tsconfig.json': {
    references: ['tensor', 'align', 'crf', 'ner-maf'].map(short => ({ path: `./packages/${short}` })),
  },
  '.changeset/config.json': { ignore: [] },
  ...packageFiles('tensor', [], `import * as tf from '${core}'\nexport const made = tf\n`),
  ...packageFiles('align', ['@mafjs/tensor'], "export { made } from '@mafjs/tensor'\n"),
  ...packageFiles('crf', ['@mafjs/tensor'], "import type { made } from '@mafjs/tensor'\n"),
  ...packageFiles(
    'ner-maf',
    ['@mafjs/tensor', '@mafjs/align', '@mafjs/crf'],
    "import '@mafjs/tensor'\nimport '@mafjs/align'\nconst crf = () => import('@mafjs/crf')\nimport 'node:fs'\n",
  ),
})

/** Writes files into a temporary folder, hands it over, and removes it. */
export function withFolder<T>(files: Files, use: (root: string) => T): T {
  const root = mkdtempSync(join(tmpdir(), 'maf-layers-'))
  try {
    for (const [path, content] of Object.entries(files)) {
      if (content === undefined) continue
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
    }
    return use(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}
