import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { NpmSettings } from './npm-settings'
import { end, type ProcessOptions, start } from './processes'
import { clientConfig, registryConfig } from './registry-config'

/** A registry that runs on this machine. */
export interface Registry {
  /** Its address, on loopback, with a slash at the end. */
  url: string
  /** The environment in which npm uses this registry, a cache of its own and nothing of the user's configuration. */
  env: NodeJS.ProcessEnv
  stop(): Promise<void>
}

/** An environment without what npm tells the scripts it runs, which would stand above the configuration given here. */
function environmentOf(registry: string, folder: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !/^npm_/i.test(name))
  return {
    ...Object.fromEntries(others),
    npm_config_registry: registry,
    npm_config_userconfig: join(folder, 'npmrc'),
    npm_config_cache: join(folder, 'cache'),
  }
}

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

const isUp = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}-/ping`, { signal: AbortSignal.timeout(2000) })).ok
  } catch {
    return false
  }
}

/**
 * Starts verdaccio on loopback.
 *
 * @param folder an empty folder, which will hold its storage, npm's configuration for it and npm's cache
 * @throws Error with what it printed, where it does not answer within a minute.
 */
export async function startRegistry(
  folder: string,
  settings: NpmSettings,
  options: ProcessOptions,
): Promise<Registry> {
  const storage = join(folder, 'storage')
  await mkdir(storage, { recursive: true })
  const url = `http://127.0.0.1:${await freePort()}/`
  const config = join(folder, 'verdaccio.yaml')
  await writeFile(config, JSON.stringify(registryConfig(storage, settings))) // JSON is YAML
  await writeFile(join(folder, 'npmrc'), clientConfig(url))
  const manifest = createRequire(import.meta.url).resolve('verdaccio/package.json')
  const listen = url.slice('http://'.length, -1)
  const env = { ...options.env, ...(settings.cafile && { NODE_EXTRA_CA_CERTS: settings.cafile }) }
  const child = start(
    process.execPath,
    [join(dirname(manifest), 'bin/verdaccio'), '--config', config, '--listen', listen],
    { ...options, env },
  )
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
  return { url, env: environmentOf(url, folder, options.env), stop: () => end(child) }
}
