import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Post, picturesOf } from '@mafjs/data'
import { ERROR_CLASSES, type ErrorClass, matchSpans, type Span, type SpanMatch } from '@mafjs/evaluate'
import type { Explanation, GalleryEntity, GalleryMatch, GalleryPost } from '@mafjs/explain'
import { errorsPage } from '@mafjs/explain/page'
import {
  type EvaluateRunOptions,
  type EvaluateRunResult,
  evaluateRun,
  loadMaf,
  type MafAnnotator,
} from '@mafjs/ner-maf'
import { withLock } from '@mafjs/tensor/files'
import { chooseInTurn } from './choose-in-turn'
import { shownPicture } from './shown-picture'
import { withoutFolders } from './without-folders'
import { pagePaths, writeFiles } from './write-page'

/** Pixels of the longer side of a picture in the gallery. */
const SIDE = 480

/** Posts that are shown unless somebody says how many: a page of some megabytes where each has a photograph. */
export const SHOWN_POSTS = 60

/** Kinds of errors, in the order of reports. */
const KINDS = (Object.keys(ERROR_CLASSES) as ErrorClass[]).filter(name => name !== 'correct')

/** What is scored, and where its errors are shown. */
export interface ExplainErrorsOptions extends EvaluateRunOptions {
  /** The page, an .html file. */
  explain: string
  /** How many posts are shown at most. @default 60 */
  explainMost?: number | undefined
}

/** An evaluation, and the page of its errors. */
export interface ExplainErrorsResult {
  evaluated: EvaluateRunResult
  page: string
  /** Bytes of the page. */
  bytes: number
  /** Posts with an error, and how many of them are shown. */
  wrong: number
  shown: number
  /** Pictures that the model read, and no browser can show. */
  notShown: string[]
}

/**
 * Scores a saved model and writes a page of the posts that it got wrong, by the strict rule, with why it read them so.
 *
 * @throws InvalidArgumentError as `evaluateRun` does, and for a file that may not be written, before anything is computed
 */
export async function explainErrors(options: ExplainErrorsOptions): Promise<ExplainErrorsResult> {
  const { explain, explainMost = SHOWN_POSTS, overwrite, ...scored } = options
  const file = { out: explain, argument: 'explain', overwrite }
  await pagePaths(file)
  const evaluated = await evaluateRun({ ...scored, overwrite })
  const { split, report, predictions } = evaluated
  const matches = predictions.map(({ gold, predicted }) => matchSpans(gold, predicted))
  const kindsOf = matches.map(list => new Set(list.map(match => match.class)))
  const wrong = kindsOf.filter(kinds => KINDS.some(kind => kinds.has(kind))).length
  const chosen = chooseInTurn(kindsOf, KINDS, explainMost)
  const explanations = await explainPosts(
    chosen.map(place => split.examples[place]!),
    options,
  )
  const posts = chosen.map((place, i): GalleryPost => {
    const explanation = withoutFolders(explanations[i]!)
    return {
      id: split.examples[place]!.id,
      matches: matches[place]!.map(match => inText(match, explanation)),
      explanation,
    }
  })
  const notShown: string[] = []
  const pictures: (string | null)[][] = []
  for (const { pictures: own } of explanations) {
    const shown = await Promise.all(own.map(({ name }) => shownPicture(name, SIDE)))
    notShown.push(...own.flatMap(({ name }, i) => (shown[i] === null ? [name] : [])))
    pictures.push(shown)
  }
  const html = errorsPage(
    {
      about: `${basename(report.context.model)} on the split ${split.name} of ${basename(report.context.data)}, by the strict rule.`,
      classes: KINDS.map(name => ({ name, ...ERROR_CLASSES[name], count: report.errors.counts[name] })),
      ...{ scored: predictions.length, wrong, posts },
    },
    { pictures },
  )
  const page = await withLock(explain, { command: 'ner-maf evaluate', argument: 'explain' }, async () => {
    // It may have come in the meantime.
    const { page } = await pagePaths(file)
    await writeFiles(new Map([[page, html]]))
    return page
  })
  const { size: bytes } = await stat(page)
  return { evaluated, page, bytes, wrong, shown: posts.length, notShown }
}

/** Explains posts as they were scored: by the same form of the model, with their own words. */
async function explainPosts(
  posts: readonly Post[],
  { model, images, ...options }: ExplainErrorsOptions,
): Promise<Explanation[]> {
  if (posts.length === 0) return []
  const { engine, backend, threads, longTexts, windowOverlap, parts } = options
  const reading = { engine, backend, threads, longTexts, windowOverlap, parts }
  const maf: MafAnnotator = await loadMaf(model, { ...reading, beside: false })
  try {
    const explanations: Explanation[] = []
    for (const post of posts) {
      const { text = post.words.join(' '), words: tokens } = post
      const pictures = images === undefined ? [] : picturesOf(post).map(name => join(images, name))
      explanations.push(await maf.explain({ text, tokens, images: pictures }, { onBrokenPicture: 'skip' }))
    }
    return explanations
  } finally {
    await maf.dispose()
  }
}

/** A match by places in the text, and the score that the model gives it. */
function inText({ class: kind, gold, predicted }: SpanMatch, explanation: Explanation): GalleryMatch {
  const { text, words, entities } = explanation
  const place = ({ type, start: first, end: last }: Span): GalleryEntity => {
    const [start, end] = [words[first]!.start, words[last - 1]!.end]
    return { type, text: text.slice(start, end), start, end, score: null }
  }
  const scored = (one: GalleryEntity): GalleryEntity => {
    const isSame = ({ type, start, end }: GalleryEntity) =>
      type === one.type && start === one.start && end === one.end
    return { ...one, score: entities.find(isSame)?.score ?? null }
  }
  return {
    class: kind,
    gold: gold ? place(gold) : null,
    predicted: predicted ? scored(place(predicted)) : null,
  }
}
