import { posix } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { siteLink } from '../../tools/documents/site-link'

// Where the repository can be browsed, only the machine knows that builds the site for the public.
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env
const repository = server && name ? `${server}/${name}` : undefined

/** Makes the links of the repository's markdown lead to pages of the site; those to other files become plain text where nobody can browse them. */
export function repositoryLinks(markdown: MarkdownRenderer, { root }: { root: string }): void {
  markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
    const from = posix.relative(root, env.realPath ?? env.path)
    for (const { children } of tokens) {
      const unlinked = { type: 'html_inline', tag: '', content: '' }
      for (const [i, token] of (children ?? []).entries()) {
        if (token.type !== 'link_open') continue
        const link = siteLink(token.attrGet('href') ?? '', { from, root, repository })
        if (link) token.attrSet('href', link)
        else {
          const close = children!.slice(i).find(({ type }) => type === 'link_close')!
          for (const end of [token, close]) Object.assign(end, unlinked)
        }
      }
    }
  })
}
