// @ts-check
// Part of `npm run release`: npm accepts a provenance only of a package that names the repository it was built in, and only
// the machine that releases knows which one that is. Elsewhere it does nothing.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readPackages } from './workspace/packages.mjs'

const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env
if (server && repository) {
  const root = fileURLToPath(new URL('..', import.meta.url))
  for (const { path, directory, manifest } of [...readPackages(root), ...readPackages(root, 'models')]) {
    const stamped = {
      ...manifest,
      repository: { type: 'git', url: `git+${server}/${repository}.git`, directory: path },
    }
    writeFileSync(join(directory, 'package.json'), `${JSON.stringify(stamped, null, 2)}\n`)
  }
}
