import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readPackages } from '../workspace/packages.mjs'
import { rowOf, type TableRow } from './package-table'
import { startRegistry } from './registry'
import { copyRepository, pairVersions, release, releaseAgain, type Versions } from './release'
import { type StandAlone, useAlone } from './stand-alone'
import type { Stranger } from './stranger'

/** The package of a model that is used where none is named. */
const SHIPPED_MODEL = '@mafjs/model-posts-en'

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
  const ways = Object.entries(exports).map(([from, names]) => `${from} ${names} names`)
  const lines = [
    `${name} ${version}: ${kB(tarball)} kB; with it ${others.length} packages, ${(cameWith.bytes / 1e6).toFixed(1)} MB in all: ${listed.join(' ')}`,
    `import and require(): ${ways.join(', ')}`,
    `types under nodenext and bundler, README example${trained ? `, training (loss ${trained})` : ''}: ok`,
  ]
  if (browser)
    lines.push(`browser: ${kB(browser.own)} kB gzip, ${kB(browser.withTfjs)} kB with what it uses of tfjs`)
  return lines.join('\n    ')
}

/**
 * Uses the model that ships as README.md tells: install, and the entities of a sentence.
 *
 * @returns its size, and what it found
 * @throws Error where it finds nothing, or an error without it does not say what to install.
 */
async function useShippedModel(stranger: Stranger): Promise<string> {
  const predict = () =>
    stranger.run(120, 'npx', 'ner-maf', 'predict', '--text', 'Rihanna plays in Oslo tonight')
  const without = await predict().then(
    ({ stdout }) => stdout,
    (error: Error) => error.message,
  )
  if (!without.includes(`npm install ${SHIPPED_MODEL}`))
    throw new Error(`ner-maf predict without a model does not say what to install:\n${without}`)
  await stranger.install(SHIPPED_MODEL)
  const { stdout } = await predict()
  if (!/ \[\d+, \d+\) /.test(stdout)) throw new Error(`ner-maf predict found no entity:\n${stdout}`)
  return `${SHIPPED_MODEL}: ${stdout.trim()}`
}

/**
 * Trains with the installed `ner-maf` and uses what it trained, on a post with a picture of the demo's corpus.
 *
 * @returns how long it took, and what it predicted
 * @throws Error where a command fails, or no entity is found in a sentence that the demo's corpus is made of.
 */
async function runCommandLine(stranger: Stranger): Promise<string> {
  const nerMaf = (seconds: number, ...parameters: string[]) =>
    stranger.run(seconds, 'npx', 'ner-maf', ...parameters)
  const started = performance.now()
  await nerMaf(900, 'demo', '--quick', '--out', 'demo-model')
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  await nerMaf(120, 'demo', '--quick', '--corpus', 'corpus')
  const image = (await readdir(`${stranger.folder}/corpus/images`))[0]!
  const post = ['--text', 'Rob sleeps again', '--image', `corpus/images/${image}`]
  const { stdout } = await nerMaf(120, 'predict', '--model', 'demo-model', ...post)
  if (!/ \[\d+, \d+\) /.test(stdout)) throw new Error(`ner-maf predict found no entity:\n${stdout}`)
  return `npx ner-maf demo --quick: ${seconds} s; predict: ${stdout.trim()}`
}

/**
 * Releases the repository on a registry of this machine, and uses what was published as a stranger would.
 *
 * @returns the rows of the packages' table
 */
export async function rehearse({ root, folder, signal, report }: RehearsalOptions): Promise<TableRow[]> {
  const quiet = { ONNXRUNTIME_NODE_INSTALL: 'skip', NX_DAEMON: 'false', NX_PARALLEL: '2', CI: '1' }
  const options = { cwd: root, env: { ...process.env, ...quiet }, signal }
  const started = performance.now()
  const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  `
  const say = (line: string): void => report(seconds() + line)

  const [scratch, strangers] = [join(folder, 'repository'), join(folder, 'strangers')]
  const registry = await startRegistry(join(folder, 'registry'), options)
  try {
    await mkdir(strangers)
    say(`verdaccio is up at ${registry.url}`)
    await copyRepository(root, scratch, options)
    const releasing = { scratch, own: { ...options, cwd: scratch }, env: registry.env }
    const first = await release(releasing)
    say(`versions, npm ci, build, checks, published: ${describeVersions(first)}`)

    const packages = readPackages(scratch)
    const rows: TableRow[] = []
    for (const one of packages) {
      const { result, stranger } = await useAlone(one, packages, { folder: strangers, registry, signal })
      rows.push(rowOf(result, one.manifest))
      say(describe(result))
      if (one.manifest.bin === undefined) continue
      say(await useShippedModel(stranger))
      say(await runCommandLine(stranger))
    }
    if (!packages.some(({ manifest }) => manifest.bin)) throw new Error('No package has a command.')

    const second = await releaseAgain(releasing)
    say(`published again: ${describeVersions(second, first)}`)
    for (const found of await pairVersions(strangers, registry, signal, [first, second])) say(found)
    return rows
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
