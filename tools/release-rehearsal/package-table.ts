import { replaceBetween } from '../documents/replace-between'
import { type Manifest, scope } from '../workspace/packages.mjs'
import type { StandAlone } from './stand-alone'

/** Between these two lines of docs/packages.md stands what the rehearsal writes. */
export const MARKERS = [
  '<!-- packages: written by `npm run release:rehearsal -- --write` -->',
  '<!-- /packages -->',
] as const

/** One row of the table. */
export interface TableRow {
  name: string
  version: string
  /** The packages it names in its `dependencies`. */
  dependencies: string
  /** Bytes of the tarball. */
  tarball: number
  /** Packages and bytes that its installation brings, itself included. */
  installed: { packages: number; bytes: number }
  /** Bytes of gzip in a browser, without what computes; absent where it does not run there. */
  browser?: number
}

/** What a package depends on: those of ours by name, the others by number. */
export function dependenciesOf({ dependencies = {}, optionalDependencies = {} }: Manifest): string {
  const names = [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]
  const own = names.filter(name => name.startsWith(scope)).map(name => `\`${name.slice(scope.length)}\``)
  const others = names.length - own.length
  const parts = [...own, ...(others > 0 ? [`${others} more`] : [])]
  return parts.length > 0 ? parts.join(', ') : 'none'
}

/** A row of the table from what a stranger found. */
export const rowOf = (
  { name, version, tarball, cameWith, browser }: StandAlone,
  manifest: Manifest,
): TableRow => ({
  name,
  version,
  dependencies: dependenciesOf(manifest),
  tarball,
  installed: { packages: cameWith.packages.length, bytes: cameWith.bytes },
  browser: browser?.own,
})

const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
const MB = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`

/** The table in markdown, a line a package. */
export const formatTable = (rows: readonly TableRow[]): string =>
  [
    '| package | version | depends on | download | installed alone | in a browser |',
    '|---|---|---|--:|--:|--:|',
    ...rows.map(({ name, version, dependencies, tarball, installed, browser }) => {
      const alone = `${installed.packages} packages, ${MB(installed.bytes)}`
      const inBrowser = browser === undefined ? 'needs Node' : kB(browser)
      return `| \`${name}\` | ${version} | ${dependencies} | ${kB(tarball)} | ${alone} | ${inBrowser} |`
    }),
  ].join('\n')

/** A page with another table between the markers. @throws Error where a marker is missing. */
export const replaceTable = (markdown: string, table: string | ((old: string) => string)): string =>
  replaceBetween(markdown, MARKERS, table)

/** Adds the row of a package that was not released yet, in the order of names; what it weighs is not known. */
export const insertRow = (markdown: string, short: string): string =>
  replaceTable(markdown, table => {
    const row = `| \`${scope}${short}\` | 0.0.0 | \`tensor\` | not measured | not measured | not measured |`
    const [head, rule, ...rows] = table.split('\n')
    return [head, rule, ...[...rows, row].sort()].join('\n')
  })

/** Puts the versions of a release into a page's table, whose sizes stay as they were measured. */
export const replaceVersions = (markdown: string, versions: Readonly<Record<string, string>>): string =>
  replaceTable(markdown, table =>
    table.replace(
      /^\| `([^`]+)` \| (\S+) \|/gm,
      (_, name: string, version: string) => `| \`${name}\` | ${versions[name] ?? version} |`,
    ),
  )
