import { useEngine } from '@mafjs/compile/engine'
import { compareWays } from './compare'
import { drawPosts } from './draw-posts'
import { formatTable } from './format-table'
import { type ExampleOptions, readOptions, USAGE } from './options'

async function run({ train, valid, test, epochs, seeds }: ExampleOptions): Promise<void> {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const posts = drawPosts({ train, valid, test }, 20261123)
  const ways = await compareWays(posts, {
    learningRate: 1.4e-3,
    epochs,
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    engine,
    onNote: note => console.error(note),
  })
  console.log(`${test} posts to measure on; ${train} to train on, ${valid} to choose by; ${seeds} seeds\n`)
  console.log(formatTable(ways, posts.textCeiling))
}

let options: ExampleOptions | undefined
try {
  options = readOptions(process.argv.slice(2))
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`)
  process.exitCode = 2
}
if (options) {
  await run(options).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
