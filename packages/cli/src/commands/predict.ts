import type { EngineOptions } from '@mafjs/compile/engine'
import type { LongTextOptions } from '@mafjs/data'
import { type AnnotateOptions, type Annotation, loadMaf, type MafAnnotator } from '@mafjs/ner-maf'
import { Command } from 'commander'
import { filterLines } from '../predict/filter-lines'
import { LINES_COMMAND } from '../predict/jobs/line-job'
import { serveLineJobs } from '../predict/jobs/serve-line-jobs'
import { type LineAnnotator, openLines } from '../predict/line-annotator'
import { remarksOf } from '../predict/remarks'
import { overShards } from '../predict/shards/annotate-shards'
import { longTextsOption, windowOverlapOption } from './long-text-options'
import { modelOption, modelOrShipped } from './model-option'
import {
  backendOption,
  brokenPictureOption,
  engineOption,
  minScoreOption,
  shrinkOption,
  threadsOption,
  wholeNumber,
} from './options'

interface PredictOptions extends EngineOptions, LongTextOptions, Omit<AnnotateOptions, 'signal'> {
  model?: string
  text?: string
  /** The pictures of the post. */
  image?: string[]
  images: string
  batchSize: number
  window?: number
  json: boolean
  flush: boolean
  jobs?: number
  shards?: string
  maxErrors: number
  shrinkOnLoad?: true
}

const aboutPicture = (match: number | null, isGiven: boolean, readsPictures: boolean): string => {
  if (match !== null) return `text and picture belong together: ${match.toFixed(3)}`
  if (!isGiven || !readsPictures) return 'no picture was used'
  return 'the picture was used; the model does not say whether it belongs to the text'
}

/** One post as a person reads it. */
function describe(
  { text, images }: { text: string; images: readonly string[] },
  { entities, match, cutWords, skippedPictures = [] }: Annotation,
  { readsPictures }: MafAnnotator,
): string {
  const lines = entities.map(
    ({ type, text: name, start, end, score }) =>
      `  ${type.padEnd(6)} ${name}  [${start}, ${end})  ${score.toFixed(3)}`,
  )
  return [
    text,
    ...(lines.length > 0 ? lines : ['  no entities']),
    `  ${aboutPicture(match, images.length > skippedPictures.length, readsPictures)}`,
    ...skippedPictures.map(({ reason }) => `  left out: ${reason}`),
    ...(cutWords > 0
      ? [
          `  the last ${cutWords} words are beyond the model's length and were not read (--long-texts window reads them)`,
        ]
      : []),
  ].join('\n')
}

const TEXT_ONLY = 'The model is text only'

/** What a process ends with where more lines were bad than may be, and where it was told to end (128 and SIGTERM's number). */
const [TOO_MANY_BAD, TERMINATED] = [65, 143]

/** Annotates stdin to stdout, and says on stderr what became of it. */
async function annotateStdin(
  { annotate, readsPictures }: LineAnnotator,
  { flush, maxErrors }: PredictOptions,
): Promise<void> {
  if (process.stdin.isTTY) console.error('Reading posts as JSONL, one {"text": "..."} a line; Ctrl-D ends.')
  const told = new AbortController()
  const onTerm = (): void => told.abort()
  process.once('SIGTERM', onTerm)
  const { signal } = told
  const { lines, failed, ignored, skipped } = await filterLines({ annotate, readsPictures, flush, signal })
  process.off('SIGTERM', onTerm)
  if (ignored > 0) console.error(`${TEXT_ONLY}: the pictures of ${ignored} posts were not used.`)
  if (skipped > 0) {
    console.error(`${skipped} posts were read without pictures that are broken or missing; each says which.`)
  }
  if (failed > 0) {
    console.error(`${failed} lines could not be read; each has an error line in the output.`)
    if (failed > maxErrors) process.exitCode = TOO_MANY_BAD
  }
  if (signal.aborted) {
    console.error(`Told to end: ${lines} lines were answered, no more was read.`)
    process.exitCode = TERMINATED
    // It may still be waiting for a line, which would keep the process.
    process.stdin.destroy()
  }
}

/** `ner-maf predict` */
export function predictCommand(): Command {
  return new Command('predict')
    .addOption(modelOption())
    .option('--text <text>', 'the post; without it posts are read from stdin and written to stdout, as JSONL')
    .option('--image <files...>', 'its picture, or several')
    .option('--images <folder>', 'where the pictures of posts on stdin are', '.')
    .option('--batch-size <posts>', 'posts per batch; 1 answers each line at once', wholeNumber(1), 16)
    .option(
      '--window <posts>',
      'posts that are read at a time and sorted by length; default 8 batches, or 1',
      wholeNumber(1),
    )
    .addOption(minScoreOption())
    .addOption(brokenPictureOption())
    .option(
      '--flush',
      'answer all that was read before waiting for more, as engines need that send and wait',
      false,
    )
    .option(
      '--max-errors <lines>',
      'how many lines may be bad before the exit code is 65; all lines are answered in any case',
      wholeNumber(0),
      0,
    )
    .option(
      '--jobs <processes>',
      'processes of one thread each, watched over: a post that ends one becomes an error line',
      wholeNumber(1, 256),
    )
    .option(
      '--shards <folder>',
      'stdin names shards, as ner-maf shards cuts them; answers go into files of this folder (with --jobs 1, if not more)',
    )
    .option('--json', 'print JSON for --text too', false)
    .addOption(shrinkOption())
    .addOption(longTextsOption())
    .addOption(windowOverlapOption())
    .addOption(engineOption())
    .addOption(backendOption())
    .addOption(threadsOption())
    .action(async (options: PredictOptions, command: Command) => {
      const { model: named, text, image: images = [], json, engine, backend, threads } = options
      const { longTexts, windowOverlap, minScore, onBrokenPicture, shrinkOnLoad, batchSize, window } = options
      const { jobs, shards: folder } = options
      if (text === undefined && images.length > 0) {
        command.error('error: --image belongs to --text; posts on stdin name their own pictures')
      }
      if (text !== undefined && jobs !== undefined) {
        command.error('error: --jobs belongs to posts on stdin; one post is computed in one process')
      }
      if (text !== undefined && folder !== undefined) {
        command.error('error: --shards belongs to shards on stdin; one post is answered on stdout')
      }
      const model = await modelOrShipped(named)
      const unnamed = named === undefined ? model : undefined
      const load = { engine, backend, threads, longTexts, windowOverlap, shrinkOnLoad }
      if (text === undefined) {
        const how = { images: options.images, minScore, onBrokenPicture }
        const setup = { model, unnamed, load, options: { ...how, batchSize, window } }
        // What is dealt out to many machines is watched over.
        const opened = await openLines(setup, jobs ?? (folder === undefined ? undefined : 1))
        const read = { longTexts, windowOverlap, shrinkOnLoad }
        try {
          for (const line of opened.remarks) console.error(line)
          const answers =
            folder === undefined ? opened : overShards(opened, { folder, options: { ...how, ...read } })
          await annotateStdin(answers, options)
        } finally {
          await opened.close()
        }
        return
      }
      const maf = await loadMaf(model, load)
      try {
        for (const line of remarksOf(maf, unnamed)) console.error(line)
        if (!maf.readsPictures && images.length > 0) {
          console.error(`${TEXT_ONLY}: the picture is not used.`)
        }
        const annotation = await maf.annotate({ text, images }, { minScore, onBrokenPicture })
        console.log(json ? JSON.stringify(annotation) : describe({ text, images }, annotation, maf))
      } finally {
        await maf.dispose()
      }
    })
}

/** Annotates lines that the command gives it; nothing for people to call. */
export const predictWorkerCommand = (): Command => new Command(LINES_COMMAND).action(serveLineJobs)
