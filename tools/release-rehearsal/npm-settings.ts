import { type ProcessOptions, run } from './processes'

/** How npm reaches its registry here: from its own configuration, at run time. */
export interface NpmSettings {
  registry: string
  /** A file with the certificates that the registry's is signed by. */
  cafile?: string
  proxy?: string
  httpsProxy?: string
  noproxy?: string
}

/** What `npm config get` of several keys prints, one `key=value` a line; a lone key prints its value alone. */
export function parseNpmSettings(printed: string): NpmSettings {
  const values = new Map(
    printed
      .split('\n')
      .map(line => /^([a-z-]+)=(.*)$/.exec(line.trim()))
      .flatMap(found => (found ? [[found[1]!, found[2]!] as const] : [])),
  )
  const given = (key: string): string | undefined => {
    const value = values.get(key)
    return value === undefined || ['', 'null', 'undefined'].includes(value) ? undefined : value
  }
  const registry = given('registry')
  if (registry === undefined) throw new Error(`npm's configuration names no registry. Received: ${printed}`)
  const settings = {
    cafile: given('cafile'),
    proxy: given('proxy'),
    httpsProxy: given('https-proxy'),
    noproxy: given('noproxy'),
  }
  return { registry, ...settings }
}

/** Reads how npm reaches its registry in a folder. */
export async function readNpmSettings(options: ProcessOptions): Promise<NpmSettings> {
  const keys = ['registry', 'cafile', 'proxy', 'https-proxy', 'noproxy']
  const { stdout } = await run('npm', ['config', 'get', ...keys], { ...options, seconds: 60 })
  return parseNpmSettings(stdout)
}
