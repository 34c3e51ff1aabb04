import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readPackages } from '../workspace/packages.mjs'
import { type CommandLineRun, runCommandLine } from './command-line'
import { type Pairing, pairVersions } from './independent-versions'
import { readNpmSettings } from './npm-settings'
import { rowOf, type TableRow } from './package-table'
import { startRegistry } from './registry'
import { release, releaseAgain, type Versions, writeChangeset } from './release'
import { copyRepository } from './scratch-copy'
import { type StandAlone, useAlone } from './stand-alone'

/** What a rehearsal found. */
export interface Rehearsal {
  rows: TableRow[]
  commandLine: CommandLineRun
  pairings: Pairing[]
}

/** What a rehearsal works with. */
export interface RehearsalOptions {
  root: string
  /** An empty folder for all that it makes. */
  folder: string
  signal: AbortSignal
  /** Is told what was found, line by line. */
  report(line: string): void
}

/** What came with one package, its ways in, and what it did, in a line or two. */
function describe({ name, version, tarball, cameWith, exports, trained, browser }: StandAlone): string {
  const others = cameWith.packages.map(one => one.name).filter(other => other !== name)
  const listed = others.length > 14 ? [...others.filter(other => other.startsWith('@mafjs/')), '...'] : others
  const kB = (bytes: number): string => (bytes / 1000).toFixed(1)
  return [
    `${name} ${version}: ${kB(tarball)} kB; with it ${others.length} packages, ${(cameWith.bytes / 1e6).toFixed(1)} MB in all: ${listed.join(' ')}`,
    `    import and require(): ${Object.entries(exports)
      .map(([from, names]) => `${from} ${names} names`)
      .join(', ')}`,
    `    types under nodenext and bundler, README example${trained ? `, training (loss ${trained})` : ''}: ok`,
    ...(browser
      ? [`    browser: ${kB(browser.own)} kB gzip, ${kB(browser.withTfjs)} kB with what it uses of tfjs`]
      : []),
  ].join('\n')
}

/** Releases the repository on a registry of this machine, and uses what was published as a stranger would. */
export async function rehearse({ root, folder, signal, report }: RehearsalOptions): Promise<Rehearsal> {
  const env = {
    ...process.env,
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    NX_DAEMON: 'false',
    NX_PARALLEL: '2',
    CI: '1',
  }
  const options = { cwd: root, env, signal }
  const started = performance.now()
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  `
  const say = (line: string): void => report(seconds() + line)

  const [scratch, strangers] = [join(folder, 'repository'), join(folder, 'strangers')]
  const registry = await startRegistry(join(folder, 'registry'), await readNpmSettings(options), options)
  try {
    await mkdir(strangers)
    say(`verdaccio is up at ${registry.url}`)
    await copyRepository(root, scratch, options)
    const releasing = { scratch, outside: env, registry: registry.env, signal }
    const first = await release(releasing)
    say(`versions, npm ci, build, checks, published: ${describeVersions(first)}`)

    const packages = readPackages(scratch)
    const rows: TableRow[] = []
    let commandLine: CommandLineRun | undefined
    for (const one of packages) {
      const { result, stranger } = await useAlone(one, packages, { folder: strangers, registry, signal })
      rows.push(rowOf(result, one.manifest))
      say(describe(result))
      if (one.manifest.bin === undefined) continue
      commandLine = await runCommandLine(stranger)
      say(
        `npx ner-maf demo --quick: ${commandLine.demoSeconds.toFixed(0)} s; predict: ${commandLine.prediction}`,
      )
    }
    if (!commandLine) throw new Error('No package has a command.')

    await writeChangeset(scratch, { '@mafjs/tensor': 'minor', '@mafjs/fuse': 'patch' }, 'A second release.')
    const second = await releaseAgain(releasing)
    say(`published again: ${describeVersions(second, first)}`)
    const pairings = await pairVersions(strangers, registry, signal, [first, second])
    for (const one of pairings) {
      say(
        `${one.module} ${one.moduleVersion} beside tensor ${one.tensorVersion} works (its own tensor: ${one.tensorWithin})`,
      )
    }
    return { rows, commandLine, pairings }
  } finally {
    await registry.stop()
  }
}

/** Versions in a line. @param before leaves out those that are the same as here */
const describeVersions = (versions: Versions, before: Versions = {}): string =>
  Object.entries(versions)
    .filter(([name, version]) => before[name] !== version)
    .map(([name, version]) => `${name.replace('@mafjs/', '')} ${version}`)
    .join(', ')
