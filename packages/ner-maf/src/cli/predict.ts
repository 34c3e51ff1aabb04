import { createInterface } from 'node:readline'
import { Command } from 'commander'
import { annotateLines } from '../predict/annotate-lines'
import { type Annotation, loadMaf } from '../predict/load-maf'
import { backendOption, wholeNumber } from './options'

/** One post as a person reads it. */
function describe(text: string, { entities, match, cutWords }: Annotation): string {
  const lines = entities.map(
    ({ type, text: name, start, end, score }) =>
      `  ${type.padEnd(6)} ${name}  [${start}, ${end})  ${score.toFixed(3)}`,
  )
  return [
    text,
    ...(lines.length > 0 ? lines : ['  no entities']),
    match === null ? '  no picture was used' : `  text and picture belong together: ${match.toFixed(3)}`,
    ...(cutWords > 0 ? [`  the last ${cutWords} words are beyond the model's length and were not read`] : []),
  ].join('\n')
}

/** `ner-maf predict` */
export function predictCommand(): Command {
  return new Command('predict')
    .description('find the entities of a post, or of posts as JSONL on stdin ({"text", "image"} per line)')
    .requiredOption('--model <folder>', 'checkpoint folder')
    .option('--text <text>', 'the post; without it posts are read from stdin and written to stdout, as JSONL')
    .option('--image <file>', 'its picture')
    .option('--images <folder>', 'where the pictures of posts on stdin are', '.')
    .option('--batch-size <posts>', 'posts per batch', wholeNumber(1), 16)
    .option('--json', 'print JSON for --text too', false)
    .addOption(backendOption())
    .action(async ({ model, text, image, images, batchSize, json, backend }) => {
      const maf = await loadMaf(model, { backend })
      try {
        if (text !== undefined) {
          const annotation = await maf.annotate({ text, image })
          console.log(json ? JSON.stringify(annotation) : describe(text, annotation))
          return
        }
        const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
        let failed = 0
        for await (const { line, ok } of annotateLines(maf, lines, { images, batchSize })) {
          if (!ok) failed += 1
          // Waiting for the pipe keeps a slow reader from filling the memory.
          if (!process.stdout.write(`${line}\n`)) {
            await new Promise(resolve => process.stdout.once('drain', resolve))
          }
        }
        if (failed > 0) {
          console.error(`${failed} lines could not be read; each has an error line in the output.`)
          process.exitCode = 1
        }
      } finally {
        maf.dispose()
      }
    })
}
