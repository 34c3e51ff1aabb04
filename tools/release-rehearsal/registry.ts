import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { end, type ProcessOptions, run, start } from '../processes'

/** A registry that runs on this machine. */
export interface Registry {
  /** Its address, on loopback, with a slash at the end. */
  url: string
  /** The environment in which npm uses this registry, a cache of its own and nothing of the user's configuration. */
  env: NodeJS.ProcessEnv
  stop(): Promise<void>
}

/** How npm reaches its registry, by what `npm config get` of several keys prints, one `key=value` a line. */
export function parseNpmSettings(printed: string) {
  const values = new Map(
    [...printed.matchAll(/^\s*([a-z-]+)=(.*?)\s*$/gm)].map(([, key, value]) => [key!, value!]),
  )
  const given = (key: string): string | undefined => {
    const value = values.get(key)
    return value === undefined || ['', 'null', 'undefined'].includes(value) ? undefined : value
  }
  const registry = given('registry')
  if (registry === undefined) throw new Error(`npm's configuration names no registry. Received: ${printed}`)
  return {
    registry,
    /** A file with the certificates that the registry's is signed by. */
    cafile: given('cafile'),
    proxy: given('proxy'),
    httpsProxy: given('https-proxy'),
    noproxy: given('noproxy'),
  }
}

/**
 * verdaccio's configuration: our packages live in this registry alone, everything else comes from npm's own registry.
 *
 * @param storage the folder that it keeps packages in
 */
export const registryConfig = (storage: string, npm: ReturnType<typeof parseNpmSettings>) => ({
  storage,
  auth: { htpasswd: { file: `${storage}/users`, max_users: -1 } },
  uplinks: { npm: { url: npm.registry, timeout: '60s', maxage: '1h', max_fails: 5, fail_timeout: '10s' } },
  packages: {
    // Without `proxy`: a version that is published for real is never mixed with a rehearsed one.
    '@mafjs/*': { access: '$all', publish: '$all' },
    '**': { access: '$all', proxy: 'npm' },
  },
  ...(npm.proxy && { http_proxy: npm.proxy }),
  ...(npm.httpsProxy && { https_proxy: npm.httpsProxy }),
  ...(npm.noproxy && { no_proxy: npm.noproxy }),
  web: { enable: false },
  max_body_size: '50mb',
  log: { type: 'stdout', format: 'pretty', level: 'warn', colors: false },
})

/**
 * npm's configuration for one who uses the registry: nothing of the user's own, so that no token of theirs is sent and
 * nothing can be published elsewhere. The token may be any word: npm refuses to publish without one.
 */
export const clientConfig = (registry: string): string =>
  [
    `registry=${registry}`,
    `${registry.replace(/^http:/, '')}:_authToken=rehearsal`,
    ...['noproxy=127.0.0.1', 'audit=false', 'fund=false', 'update-notifier=false', ''],
  ].join('\n')

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}-/ping`, { signal: AbortSignal.timeout(2000) }).then(
    ({ ok }) => ok,
    () => false,
  )

/**
 * Starts verdaccio on loopback.
 *
 * @param folder an empty folder, which will hold its storage, npm's configuration for it and npm's cache
 * @throws Error with what it printed, where it does not answer within a minute.
 */
export async function startRegistry(folder: string, options: Required<ProcessOptions>): Promise<Registry> {
  const keys = ['registry', 'cafile', 'proxy', 'https-proxy', 'noproxy']
  const settings = parseNpmSettings(
    (await run('npm', ['config', 'get', ...keys], { ...options, seconds: 60 })).stdout,
  )
  const storage = join(folder, 'storage')
  await mkdir(storage, { recursive: true })
  const listen = `127.0.0.1:${await freePort()}`
  const url = `http://${listen}/`
  const [config, userconfig] = [join(folder, 'verdaccio.yaml'), join(folder, 'npmrc')]
  await writeFile(config, JSON.stringify(registryConfig(storage, settings))) // JSON is YAML
  await writeFile(userconfig, clientConfig(url))
  const program = join(
    dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')),
    'bin/verdaccio',
  )
  const env = { ...options.env, ...(settings.cafile && { NODE_EXTRA_CA_CERTS: settings.cafile }) }
  const child = start(process.execPath, [program, '--config', config, '--listen', listen], {
    ...options,
    env,
  })
  let printed = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-10_000)
    })
  }
  const until = Date.now() + 60_000
  while (!(await isUp(url))) {
    if (child.exitCode !== null || Date.now() > until || options.signal.aborted) {
      await end(child)
      options.signal.throwIfAborted()
      throw new Error(`verdaccio did not start:\n${printed}`)
    }
    await wait(200)
  }
  // Without what npm tells the scripts it runs, which would stand above the configuration given here.
  const others = Object.entries(options.env).filter(([name]) => !/^npm_/i.test(name))
  const own = {
    npm_config_registry: url,
    npm_config_userconfig: userconfig,
    npm_config_cache: join(folder, 'cache'),
  }
  return { url, env: { ...Object.fromEntries(others), ...own }, stop: () => end(child) }
}
