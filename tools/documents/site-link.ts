import { existsSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { addressOf, pageOf } from './routes'

/** Where a link stands, and what it may lead to. */
export interface SiteLinkOptions {
  /** The file that has the link, relative to `root`. */
  from: string
  /** The root of the repository. */
  root: string
  /** Where the repository can be browsed: for links to what is no page. @default none, they lead nowhere */
  repository?: string
}

/**
 * Where a link of the repository's markdown leads on the site; `undefined` where the site has no such place.
 *
 * @param link as the file has it, relative to that file
 * @throws Error for a link to nothing.
 */
export function siteLink(link: string, { from, root, repository }: SiteLinkOptions): string | undefined {
  if (/^([a-z]+:|\/|#)/i.test(link)) return link
  const [path = '', fragment] = link.split('#')
  const target = posix.join(posix.dirname(from), decodeURI(path)).replace(/\/$/, '')
  const file = join(root, target)
  if (!existsSync(file)) throw new Error(`${from} links to ${link}, but there is no ${target}.`)
  const folder = statSync(file).isDirectory()
  const readme = posix.join(target, 'README.md')
  const page = pageOf(folder && existsSync(join(root, readme)) ? readme : target)
  if (page) return addressOf(page) + (fragment ? `#${fragment}` : '')
  return repository && `${repository}/${folder ? 'tree' : 'blob'}/main/${target}`
}
