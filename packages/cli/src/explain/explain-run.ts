import { stat } from 'node:fs/promises'
import type { Explanation } from '@mafjs/explain'
import { explanationPage } from '@mafjs/explain/page'
import type { ExplainOptions, MafAnnotator } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'
import { withLock } from '@mafjs/tensor/files'
import { shownPicture } from './shown-picture'
import { withoutFolders } from './without-folders'
import { type PageFiles, pagePaths, writeFiles } from './write-page'

/** What is explained, and where the page goes. */
export interface ExplainRunOptions
  extends Pick<PageFiles, 'out' | 'overwrite'>,
    Pick<ExplainOptions, 'minScore' | 'onBrokenPicture'> {
  maf: Pick<MafAnnotator, 'explain' | 'readsPictures'>
  text: string
  /** Paths of its pictures. @default none */
  images?: readonly string[] | undefined
  /** The path of another picture, with which the text is read, too. */
  otherImage?: string | undefined
  /** Whether regions are hidden one by one. @default true */
  occlusion?: boolean | undefined
}

/** What was written. */
export interface ExplainRunResult {
  explanation: Explanation
  page: string
  json: string
  /** Bytes of the page. */
  bytes: number
  /** Pictures that the model read, and no browser can show. */
  notShown: string[]
}

/**
 * Explains a post and writes a page of it, and its numbers as JSON beside it.
 *
 * @throws InvalidArgumentError for a file that may not be written, before anything is computed
 */
export function explainRun(options: ExplainRunOptions): Promise<ExplainRunResult> {
  return withLock(options.out, { command: 'ner-maf explain' }, () => explainInto(options))
}

async function explainInto({
  maf,
  text,
  images = [],
  otherImage,
  occlusion = true,
  minScore,
  onBrokenPicture,
  ...files
}: ExplainRunOptions): Promise<ExplainRunResult> {
  if (otherImage !== undefined && !maf.readsPictures) {
    const rule = 'must be left out for a model of text alone: no picture is read'
    throw new InvalidArgumentError({ argument: 'otherImage', rule, received: otherImage })
  }
  const { page, json } = await pagePaths({ ...files, withJson: true })
  // A model of text alone has nothing to do without a picture.
  const looks = maf.readsPictures && images.length > 0
  const explanation = await maf.explain(
    { text, images },
    {
      occlusion: occlusion && looks,
      withoutPicture: looks,
      otherPicture: otherImage,
      minScore,
      onBrokenPicture,
    },
  )
  const others = explanation.whatIf.flatMap(({ picture, pictures }) => (picture === 'other' ? pictures : []))
  const shownOf = (names: readonly { name: string }[]) =>
    Promise.all(names.map(({ name }) => shownPicture(name)))
  const [pictures, otherPictures] = [await shownOf(explanation.pictures), await shownOf(others)]
  const html = explanationPage(withoutFolders(explanation), { pictures, otherPictures })
  await writeFiles(
    new Map([
      [json, `${JSON.stringify(explanation)}\n`],
      [page, html],
    ]),
  )
  const notShown = explanation.pictures.flatMap(({ name }, i) => (pictures[i] === null ? [name] : []))
  return { explanation, page, json, bytes: (await stat(page)).size, notShown }
}
