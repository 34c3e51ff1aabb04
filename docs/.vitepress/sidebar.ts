import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'
import { addressOf, pageOf } from '../../tools/documents/routes'

/**
 * The menus of the site, by the beginnings of addresses; names of pages are their first headings.
 *
 * @param root of the repository
 */
export function sidebars(root: string): DefaultTheme.SidebarMulti {
  // A menu of all exports of all packages on every page would be most of the site: a package's pages have its own.
  const api: DefaultTheme.SidebarItem[] = JSON.parse(
    readFileSync(join(root, 'docs/api/typedoc-sidebar.json'), 'utf8'),
  )
  const packages = api.map(({ text, link }) => ({ text, link }))
  return {
    '/': mainMenu(root, packages),
    ...Object.fromEntries(
      api.map(({ text, link, items }) => [
        link,
        [
          { text, items },
          { text: 'API reference', items: packages },
          { text: 'Guide', link: '/guide/first-model' },
        ],
      ]),
    ),
  }
}

function mainMenu(root: string, packages: DefaultTheme.SidebarItem[]): DefaultTheme.SidebarItem[] {
  const page = (file: string, text = titleOf(join(root, file))) => ({ text, link: addressOf(pageOf(file)!) })
  const pages = (...files: string[]) => files.map(file => page(file))
  const inOrder = (folder: string, names: string[]) => pages(...names.map(name => `${folder}/${name}.md`))
  const readmesBelow = (folder: string) =>
    pages(
      ...readdirSync(join(root, folder))
        .map(name => `${folder}/${name}/README.md`)
        .filter(file => existsSync(join(root, file))),
    )
  const decisions = readdirSync(join(root, 'docs/decisions')).filter(name => /^0*[1-9]/.test(name))
  return [
    {
      text: 'Guide',
      items: inOrder('docs/guide', [
        'first-model',
        'four-posts',
        'models',
        'own-data',
        'encoders',
        'formats',
        'convert-and-split',
        'own-module',
        'own-pipeline',
        'explain',
        'deploy',
        'browser',
        'filter',
        'serve',
        'scale',
      ]),
    },
    { text: 'Modules', items: inOrder('docs/modules', ['align', 'interact', 'match', 'fuse', 'crf']) },
    {
      text: 'Packages',
      collapsed: true,
      items: [page('docs/packages.md', 'All packages'), ...readmesBelow('packages')],
    },
    {
      text: 'Examples',
      collapsed: true,
      items: [page('examples/README.md', 'All examples'), ...readmesBelow('examples')],
    },
    { text: 'Integrations', collapsed: true, items: readmesBelow('integrations') },
    {
      text: 'Evidence',
      items: [
        ...pages(
          'docs/results.md',
          'docs/checks.md',
          'docs/backends.md',
          'benchmarks/README.md',
          'benchmarks/results/full.md',
        ),
        ...readmesBelow('benchmarks'),
      ],
    },
    {
      text: 'Decisions',
      collapsed: true,
      items: [
        page('docs/decisions/README.md', 'All decisions'),
        ...pages(...decisions.map(name => `docs/decisions/${name}`)),
      ],
    },
    { text: 'API reference', collapsed: true, items: packages },
    page('CONTRIBUTING.md'),
  ]
}

function titleOf(path: string): string {
  const title = /^# (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1]
  if (!title)
    throw new Error(`${path} has no first heading (# ...). Give it one: it is its name in the menu.`)
  return title.replaceAll('`', '')
}
