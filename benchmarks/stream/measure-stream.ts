import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { useBackend } from '@mafjs/compile/engine'
import { type ResNetConfig, resNetChannels, tokenizerFromVocab } from '@mafjs/encoders'
import { quantile } from '@mafjs/evaluate'
import { defaultConfig } from '@mafjs/ner-maf'
import { uniform } from '@mafjs/tensor'
import { FROM_SOURCE, run } from '../../tools/processes'
import { withWorktree } from '../../tools/worktree'
import type { Measured, MeasurementOptions, Value } from '../measurements'
import { writeDrawnCheckpoint } from '../prepare/drawn-checkpoint'
import { drawWords, VOCABULARY, writePicture } from '../prepare/drawn-posts'
import { ratioOf } from '../race/statistics'
import { childrenTime, type Time } from '../timing'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The size of MiniLM, and a ResNet beside which decoding counts. */
const MINILM = { kind: 'bert', hidden: 384, layers: 6, heads: 12, intermediate: 1536 } as const
const TINY = { kind: 'bert', hidden: 32, layers: 1, heads: 2, intermediate: 64 } as const
const RESNET: ResNetConfig = { kind: 'resnet', depth: 18 }
const SIDE = 224

/** Different pictures; posts take them in turn. */
const PICTURES = 40

/** Posts of 8 to 27 words in a file, one a line. */
async function writePosts(file: string, count: number, pictured: boolean): Promise<void> {
  const lengths = uniform(count, { seed: 37, site: 'stream' })
  const lines = Array.from(lengths, (share, place) => {
    const text = drawWords(8 + Math.floor(20 * share), `stream ${place}`).join(' ')
    return `${JSON.stringify({ text, ...(pictured && { image: `${place % PICTURES}.jpg` }) })}\n`
  })
  await writeFile(file, lines.join(''))
}

/** The whole command, from the start of its process to its end. */
async function predict(root: string, options: string[], files: { posts: string; to: string }): Promise<Time> {
  const main = join('packages', 'cli', 'src', 'main.ts')
  const command = [process.execPath, ...FROM_SOURCE, main, 'predict', ...options, '--threads', '2']
  const started = performance.now()
  const { stdout } = await run('sh', ['-c', '"$@" < "$POSTS" > "$TO" && times', 'sh', ...command], {
    ...{ cwd: root, env: { ...process.env, POSTS: files.posts, TO: files.to } },
  })
  return { clock: performance.now() - started, cores: childrenTime(stdout) }
}

/** Posts per second of some turns, and of another commit's turns beside them. */
function told(name: string, count: number, times: Time[], others: Time[]): Value[] {
  const median = (of: keyof Time): number =>
    quantile(
      times.map(time => time[of]),
      0.5,
    )
  const ratio = (of: keyof Time): number =>
    ratioOf(
      times.map(time => time[of]),
      others.map(time => time[of]),
    ).ratio
  return [
    { what: name, value: (1000 * count) / median('clock'), unit: 'posts/s' },
    { what: `${name}, all cores`, value: median('cores') / count, unit: 'ms a post' },
    ...(others.length > 0
      ? [
          { what: `${name}, time by the clock`, value: ratio('clock'), unit: 'x the other commit' },
          { what: `${name}, all cores`, value: ratio('cores'), unit: 'x the other commit' },
        ]
      : []),
  ]
}

/** How many lines of two outputs differ. */
async function differing(one: string, other: string): Promise<number> {
  const [lines, others] = [await readFile(one, 'utf8'), await readFile(other, 'utf8')].map(text =>
    text.split('\n'),
  )
  if (lines!.length !== others!.length) throw new Error(`${one} has another number of lines than ${other}.`)
  return lines!.filter((line, i) => line !== others![i]).length
}

/** Posts per second of `ner-maf predict`, text alone and with pictures of 640 x 512, the start of its process included. */
export async function measureStream({
  folder,
  quick,
  repeats,
  against,
}: MeasurementOptions): Promise<Measured> {
  await useBackend('cpu')
  const images = join(folder, 'stream-pictures')
  await mkdir(images, { recursive: true })
  for (let i = 0; i < PICTURES; i++)
    await writePicture(join(images, `${i}.jpg`), `stream ${i}`, { width: 640, height: 512 })
  const tokenizer = tokenizerFromVocab(VOCABULARY, { lowercase: false, maxLength: 128 })
  const textEncoder = { ...(quick ? TINY : MINILM), vocabSize: tokenizer.vocabSize }
  const pictures = { imageEncoder: RESNET, imageSize: resNetChannels(RESNET) }
  const values: Value[] = []
  const measure = async (roots: readonly string[]): Promise<void> => {
    for (const [name, count, pictured] of [
      ['text', quick ? 100 : 1000, false],
      ['with pictures', quick ? 20 : 200, true],
    ] as const) {
      const [model, posts] = [join(folder, `model ${name}`), join(folder, `${name}.jsonl`)]
      const config = defaultConfig({ types: ['PER', 'LOC'], textEncoder, ...(pictured && pictures) })
      await writeDrawnCheckpoint(model, { config, tokenizer, pictureSize: pictured ? SIDE : undefined })
      await writePosts(posts, count, pictured)
      const times = roots.map((): Time[] => [])
      const outputs = roots.map((_, place) => join(folder, `${name} ${place}.out`))
      for (let turn = 0; turn < repeats; turn++) {
        const order = roots.map((_, place) => (turn + place) % roots.length)
        for (const place of order) {
          const files = { posts, to: outputs[place]! }
          times[place]!.push(await predict(roots[place]!, ['--model', model, '--images', images], files))
        }
      }
      values.push(...told(name, count, times[0]!, times[1] ?? []))
      if (outputs[1] !== undefined)
        values.push({
          what: `${name}, lines that differ`,
          value: await differing(outputs[0]!, outputs[1]),
          unit: `of ${count}`,
        })
    }
  }
  if (against === undefined) await measure([ROOT])
  else await withWorktree({ root: ROOT, commit: against, folder }, other => measure([ROOT, other]))
  return { values }
}
