import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const document =
  /^(README[^/]*|CONTRIBUTING|docs\/(guide|modules)\/[^/]+|(packages|models|examples|benchmarks)\/([^/]+\/)?README)\.md$/

/** The documents whose code blocks are tested: the guide, the pages of modules, and the READMEs; relative to the root. */
export const documentsOf = (root: string): string[] =>
  ['.', 'docs/guide', 'docs/modules', 'packages', 'models', 'examples', 'benchmarks']
    .flatMap(folder => {
      const recursive = ['packages', 'models', 'examples', 'benchmarks'].includes(folder)
      const names = readdirSync(join(root, folder), { encoding: 'utf8' })
      const inner = recursive ? names.map(name => `${name}/README.md`) : []
      return [...names, ...inner].map(name => (folder === '.' ? name : `${folder}/${name}`))
    })
    .filter(file => document.test(file) && existsSync(join(root, file)))
    .sort()
