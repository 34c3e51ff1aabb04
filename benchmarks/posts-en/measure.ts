import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readExamples } from '@mafjs/data'
import { percent } from '@mafjs/evaluate'
import type { RuleComparison } from '@mafjs/evaluate/evaluations'
import { evaluateRun, loadMaf, version } from '@mafjs/ner-maf'
import { digestOf } from '@mafjs/tensor/files'
import { describeMachine } from '../machine'
import { epochsOf, type RunEpoch } from '../training/train-until'
import { writeResult } from '../write-result'
import { type Calibration, calibrationOf } from './calibration'
import { type Choices, readChoices } from './choose'
import { costOfInt8 } from './cost-of-int8'
import { type HandleGroups, type HandleScore, handleGroups, scoreHandles } from './handles'
import { foldersOf } from './make-model'
import type { Options } from './options'
import { answerSentences, type SentenceAnswer } from './sentences'
import { meanF1, type SetScores, scoreSets } from './set-scores'
import { SOURCES } from './sources'
import { bytesOf, type Speed, speedOf } from './speed'
import { writePosts } from './write-posts'

/** All that the card says in figures. */
export interface ModelRecord {
  /** SHA-256 of the package's graph, and the bytes of its model folder. */
  model: { sha256: string; bytes: number; floatBytes: number }
  chosen: Choices['chosen']
  epochs: RunEpoch[]
  /** Test splits, before and after int8. */
  float: SetScores[]
  int8: SetScores[]
  /** Over the posts of all test splits together: float32 is `a`, int8 `b`. */
  cost: RuleComparison
  /** The same where a handle that annotators left O counts as one that is none. */
  handlesAsO: SetScores[]
  /** Data that it was not trained on, as it is. */
  zeroShot: SetScores[]
  calibration: Calibration
  sentences: SentenceAnswer[]
  /** Handles that it was trained on, beside others. */
  handles: Record<keyof HandleGroups, HandleScore>
  speed: { float: Speed; int8: Speed }
  versions: Readonly<Record<string, string>>
  machine: ReturnType<typeof describeMachine>
}

const ZERO_SHOT = ['twitter2015', 'twitter2017'] as const

/** Measures the model of the package, and the one that it was made of, on the test splits. */
export async function measureModel(options: Options): Promise<void> {
  const { data, work, threads, results } = options
  const folders = foldersOf(options)
  const model = join(options.package, 'model')
  const posts = join(work, 'data')
  const asO = join(work, 'data-handles-as-o')
  await writePosts({ data: join(data, 'open-ner'), out: asO, handles: 'as labelled' })
  const score = (of: string, from: string): Promise<SetScores[]> =>
    scoreSets({ model: of, data: from, split: 'test', threads })
  const int8 = await score(model, posts)
  const zeroShot: SetScores[] = []
  for (const set of ZERO_SHOT) {
    const { report } = await evaluateRun({ model, data: join(data, set), split: 'test', threads })
    zeroShot.push({ set, posts: report.sentences, strict: report.strict, lenient: report.lenient })
  }
  const tests = await Promise.all(
    SOURCES.map(({ name }) => readExamples(join(posts, name, 'test.jsonl')).then(({ examples }) => examples)),
  )
  const maf = await loadMaf(model, { engine: 'onnx', threads })
  const calibration = await calibrationOf(maf, tests.flat())
  const sentences = await answerSentences(maf)
  const handles = await scoreHandles(post => maf.annotate(post), await handleGroups(posts))
  await maf.dispose()
  const texts = tests
    .flat()
    .map(({ words }) => words.join(' '))
    .slice(0, 500)
  const record: ModelRecord = {
    model: {
      sha256: digestOf(await readFile(join(model, 'model.onnx'))),
      bytes: await bytesOf(model),
      floatBytes: (await stat(join(folders.float, 'model.safetensors'))).size,
    },
    chosen: (await readChoices(options))!.chosen,
    epochs: await epochsOf(folders.trained),
    ...{ float: await score(folders.float, posts), int8, handlesAsO: await score(model, asO), zeroShot },
    ...{ calibration, sentences, handles },
    cost: await costOfInt8({ float: folders.float, int8: model, posts, work: join(work, 'cost'), threads }),
    speed: { float: await speedOf(folders.float, texts), int8: await speedOf(model, texts) },
    versions: { 'ner-maf': version, node: process.version },
    machine: describeMachine(),
  }
  await writeResult(results, 'posts-en-model', record)
  for (const name of ['float', 'int8'] as const)
    console.log(`${name}: mean strict F1 of the tests ${percent(meanF1(record[name]))}`)
}
