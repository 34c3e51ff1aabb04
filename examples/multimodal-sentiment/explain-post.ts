import { createProgram, type Engine } from '@mafjs/compile/engine'
import { attentionMaps, gateSummaries } from '@mafjs/explain'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Post } from './draw-posts'
import type { sentimentTask } from './sentiment-task'

/** What the model made of a post: its match, and of every word how far the gate is open and where it looks. */
export async function explainPost(
  { model, collate }: Pick<ReturnType<typeof sentimentTask>, 'model' | 'collate'>,
  post: Post,
  engine: Engine,
) {
  const program = createProgram<Parameters<typeof model.apply>[0]>(
    engine,
    inputs => model.apply(inputs, { attention: true }).maps as Record<string, Tensor>,
  )
  try {
    const { labels: _, ...inputs } = await collate([post])
    const { match, gate, attention } = await program.run(inputs as never)
    // The first token is [CLS].
    const places = post.words.map((_, word) => ({ row: 0, token: word + 1 }))
    const [gates, maps] = [gateSummaries(gate!, places), attentionMaps(attention!, places)]
    return {
      match: Number(match!.data[0]),
      words: post.words.map((text, word) => ({ text, gate: gates[word]!, attention: maps[word]! })),
    }
  } finally {
    await program.dispose()
  }
}
