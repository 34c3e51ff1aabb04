// Which markdown file of the repository is which page of the site: they are written to be read in either place.
const routes: [from: RegExp, to: string][] = [
  [/^README\.md$/, 'index.md'],
  [/^README\.zh-CN\.md$/, 'zh/index.md'],
  [/^CONTRIBUTING\.md$/, 'contributing.md'],
  [/^(packages|models|examples|benchmarks|integrations)\/([^/]+)\/README\.md$/, '$1/$2.md'],
  [/^(examples|benchmarks)\/README\.md$/, '$1/index.md'],
  [/^benchmarks\/([^/]+)\/PROTOCOL\.md$/, 'benchmarks/$1-protocol.md'],
  [/^benchmarks\/results\/full\.md$/, 'benchmarks/full.md'],
  [/^docs\/packages\.md$/, 'packages/index.md'],
  [/^docs\/decisions\/README\.md$/, 'decisions/index.md'],
  [/^docs\/((?:api|guide|modules)\/.+\.md)$/, '$1'],
  [/^docs\/(decisions\/(?!0000)[^/]+\.md)$/, '$1'],
  [/^docs\/(results|backends|checks)\.md$/, '$1.md'],
]

/** The page that a file becomes, both relative to their roots; `undefined` for one that is no page. */
export function pageOf(file: string): string | undefined {
  const [from, to] = routes.find(([pattern]) => pattern.test(file)) ?? []
  return from && to && file.replace(from, to)
}

/** The address of a page, from the root of the site: `/modules/align`. */
export const addressOf = (page: string): string =>
  `/${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`
