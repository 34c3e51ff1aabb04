import { MARKERS } from '../release-rehearsal/package-table'

/** The cells of each row of the packages' table, by package. */
export function readTable(markdown: string): Map<string, { version: string; dependencies: string }> {
  const table = markdown.slice(...MARKERS.map(marker => markdown.indexOf(marker)))
  const rows = table.matchAll(/^\| `([^`]+)` \| (\S+) \| ([^|]*) \|/gm)
  return new Map(
    [...rows].map(([, name, version, dependencies]) => [
      name!,
      { version: version!, dependencies: dependencies! },
    ]),
  )
}
