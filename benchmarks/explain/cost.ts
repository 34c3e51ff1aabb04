import { quantile } from '@mafjs/evaluate'
import { loadMaf } from '@mafjs/ner-maf'
import { currentLoad, machineLine } from '../machine'
import { compared, type Time, timed } from '../timing'
import { writeResult } from '../write-result'
import { picturePosts, readOptions } from './options'

// What explaining costs beside annotating the same posts, in turns: `npm run explain-cost -- --model DIR`.

const TURNS = 75

const { model, posts: count, threads } = readOptions(24)
const posts = (await picturePosts(count)).map(({ post, image }) => ({ text: post.text, image }))
const maf = await loadMaf(model, { engine: 'onnx', threads })
const annotate = async () => {
  for (const post of posts) await maf.annotate(post)
}
const explain = async () => {
  for (const post of posts) await maf.explain(post)
}
const times: { annotate: Time[]; explain: Time[] } = { annotate: [], explain: [] }
for (let turn = -2; turn < TURNS; turn++) {
  // The first turns make the programs. Which goes first is exchanged.
  for (const name of turn % 2 ? (['annotate', 'explain'] as const) : (['explain', 'annotate'] as const)) {
    const time = await timed(name === 'annotate' ? annotate : explain)
    if (turn >= 0) times[name].push(time)
  }
}
await maf.dispose()
const ratio = (kind: keyof Time): number =>
  quantile(
    times.explain.map((time, turn) => time[kind] / times.annotate[turn]![kind]),
    0.5,
  )
console.log(`${machineLine()}; ${posts.length} posts, ${TURNS} turns each`)
for (const line of compared(times.explain, times.annotate, 'annotate')) console.log(`explain ${line}`)
const medians = (list: readonly Time[]) => ({
  clock: quantile(
    list.map(({ clock }) => clock / posts.length),
    0.5,
  ),
  cores: quantile(
    list.map(({ cores }) => cores / posts.length),
    0.5,
  ),
})
await writeResult('benchmarks/results', `explain-cost-${process.env['NAME'] ?? 'demo'}`, {
  posts: posts.length,
  turns: TURNS,
  load: currentLoad(),
  msPerPost: { annotate: medians(times.annotate), explain: medians(times.explain) },
  ratio: { clock: ratio('clock'), cores: ratio('cores') },
})
