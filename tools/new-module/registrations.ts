import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { insertRow } from '../release-rehearsal/package-table'
import { EXEMPLAR, trainingStep } from './template-files'

/** Changes one place of a text. @throws Error where the place is not there, or there more than once. */
function replaceOnce(file: string, text: string, place: RegExp, by: (found: string) => string): string {
  const found = [...text.matchAll(new RegExp(place, 'g'))]
  if (found.length !== 1) {
    throw new Error(`${file} has ${found.length} places that match ${place}, not one. Correct the pattern.`)
  }
  return text.replace(place, by)
}

/** The files that know every package, with a new one added, by their paths from the root. */
export function registrations(root: string, name: string): Record<string, string> {
  const changed = (file: string, change: (text: string) => string): [string, string] => [
    file,
    change(readFileSync(join(root, file), 'utf8')),
  ]
  const layers = 'tools/layers/layers.mjs'
  const steps = 'tools/packages/training-steps.mjs'
  return Object.fromEntries([
    changed(layers, text =>
      replaceOnce(layers, text, new RegExp(`'${EXEMPLAR}',`), found => `${found} '${name}',`),
    ),
    changed(steps, text =>
      replaceOnce(
        steps,
        text,
        /\n\}\n(?=\n\/\*\* The packages that can train alone)/,
        found => `\n  '${name}': \`\n${trainingStep(name)}\`,${found}`,
      ),
    ),
    changed('docs/packages.md', text => insertRow(text, name)),
    changed('tsconfig.json', text => {
      const { references, ...config } = JSON.parse(text)
      return JSON.stringify({ ...config, references: [...references, { path: `./packages/${name}` }] })
    }),
  ])
}
