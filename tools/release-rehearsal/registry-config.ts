import type { NpmSettings } from './npm-settings'

/**
 * verdaccio's configuration: our packages live in this registry alone, everything else comes from npm's own registry.
 *
 * @param storage the folder that it keeps packages in
 */
export function registryConfig(storage: string, { registry, proxy, httpsProxy, noproxy }: NpmSettings) {
  return {
    storage,
    auth: { htpasswd: { file: `${storage}/users`, max_users: -1 } },
    uplinks: { npm: { url: registry, timeout: '60s', maxage: '1h', max_fails: 5, fail_timeout: '10s' } },
    packages: {
      // Without `proxy`: a version that is published for real is never mixed with a rehearsed one.
      '@mafjs/*': { access: '$all', publish: '$all' },
      '**': { access: '$all', proxy: 'npm' },
    },
    ...(proxy && { http_proxy: proxy }),
    ...(httpsProxy && { https_proxy: httpsProxy }),
    ...(noproxy && { no_proxy: noproxy }),
    web: { enable: false },
    max_body_size: '50mb',
    log: { type: 'stdout', format: 'pretty', level: 'warn', colors: false },
  }
}

/**
 * npm's configuration for one who uses the registry: nothing of the user's own, so that no token of theirs is sent and
 * nothing can be published elsewhere.
 *
 * @param registry the address of the local registry
 * @param token any word: npm refuses to publish without one
 */
export const clientConfig = (registry: string, token = 'rehearsal'): string =>
  [
    `registry=${registry}`,
    `${registry.replace(/^http:/, '')}:_authToken=${token}`,
    'noproxy=127.0.0.1',
    'audit=false',
    'fund=false',
    'update-notifier=false',
    '',
  ].join('\n')
