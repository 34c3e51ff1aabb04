import { fileURLToPath } from 'node:url'
import { katex } from '@mdit/plugin-katex'
import { slug } from 'github-slugger'
import { defineConfig } from 'vitepress'
import { pageOf } from '../../tools/documents/routes'
import { repositoryLinks } from './repository-links'
import { sidebars } from './sidebar'

const root = fileURLToPath(new URL('../..', import.meta.url))

// Pages are read where they stand in the repository, so that each has one source.
export default defineConfig({
  srcDir: '..',
  srcExclude: [
    '**/{node_modules,dist,fixtures,runs}/**',
    '**/CHANGELOG.md',
    'docs/decisions/0000-template.md',
    'benchmarks/results/!(full).md',
  ],
  rewrites(file) {
    const page = pageOf(file)
    if (!page) throw new Error(`${file} is no page of the site: give it a route in routes.ts, or exclude it.`)
    return page
  },
  outDir: 'dist',
  base: process.env['DOCS_BASE'] ?? '/',
  cleanUrls: true,
  title: 'MAF.js',
  description: 'Named entities from posts with pictures: MAF as npm packages for TensorFlow.js',
  // The site is text and pictures: nothing is asked of another host.
  markdown: {
    anchor: { slugify: text => slug(text) },
    config(markdown) {
      // Both bring types of markdown-it, of two versions.
      katex(markdown as never, { strict: true, throwOnError: true })
      markdown.use(repositoryLinks, { root })
    },
  },
  vite: {
    ssr: { external: ['vue', 'vue/server-renderer'] },
    plugins: [
      {
        // Pages stand above this folder, where Vue, which they become, would not be found.
        name: 'resolve-vue',
        enforce: 'pre',
        resolveId(id, importer, options) {
          if (!/^vue(\/|$)/.test(id) || !importer?.endsWith('.md')) return
          return this.resolve(id, `${root}docs/package.json`, { ...options, skipSelf: true })
        },
      },
    ],
  },
  themeConfig: {
    sidebar: sidebars(root),
    nav: [
      { text: 'Guide', link: '/guide/first-model' },
      { text: 'Modules', link: '/modules/align' },
      { text: 'API', link: '/api/' },
      { text: 'Results', link: '/results' },
    ],
    outline: [2, 3],
    // Only the first page is there in Chinese.
    i18nRouting: false,
    search: { provider: 'local' },
  },
  locales: {
    root: { label: 'English', lang: 'en' },
    zh: { label: '简体中文', lang: 'zh-CN' },
  },
})
