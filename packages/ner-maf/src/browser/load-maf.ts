import type { Explanation } from '@mafjs/explain'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import type { AnnotateOptions, Annotation } from '../predict/annotation'
import type { ExplainOptions } from '../predict/explain-options'
import { callWorker, type WorkerCalls } from './call-worker'
import { DEVICES, type PageOptions } from './page-options'
import { type PagePicture, type PagePost, pageAddress, sentPicture, sentPost } from './page-post'
import type { LoadedInPage, SentOptions } from './protocol'

/** The files of an exported model by their names, such as `config.json`. */
export type ModelFiles = Readonly<Record<string, Blob>>

/** How a post is explained in a page. */
export type PageExplainOptions = Omit<ExplainOptions, 'otherPicture'> & {
  /** Another picture, with which the same text is read, too. @default none */
  otherPicture?: PagePicture | undefined
}

/** A trained model in a page, ready for posts; it computes in a worker of its own. */
export interface MafInPage extends Omit<LoadedInPage, 'notes'> {
  /** Sentences for a person: why it is computed as it is. */
  readonly notes: readonly string[]
  /**
   * Annotates one post, as `annotate` in Node does: the same code, the same offsets.
   *
   * @throws InvalidArgumentError or an error named PictureError for a post that cannot be read, an option out of range, or a model that was
   * disposed
   * @throws the reason of a signal that is aborted
   */
  annotate(post: PagePost, options?: AnnotateOptions): Promise<Annotation>
  /**
   * Annotates one post and says why; maps are there where the export carries them (`ner-maf export --explain`).
   *
   * @throws as `annotate`
   */
  explain(post: PagePost, options?: PageExplainOptions): Promise<Explanation>
  /** Frees the model and ends its worker after the calls under way; later ones are refused. */
  dispose(): Promise<void>
}

/**
 * Loads an exported model in a page, for which it starts a Web Worker.
 *
 * @param model the address of the folder that `ner-maf export` wrote, or its files
 * @throws InvalidArgumentError naming the file that is missing, damaged or not the one its `config.json` says, or the option that cannot be
 * @throws the reason of a signal that is aborted
 */
export async function loadMaf(
  model: string | URL | ModelFiles,
  options: PageOptions = {},
): Promise<MafInPage> {
  const { onProgress, signal, worker, runtime, ...sent } = options
  const { device = 'auto' } = sent
  if (!DEVICES.includes(device)) {
    const rule = `must be one of ${DEVICES.join(', ')}`
    throw new InvalidArgumentError({ argument: 'device', rule, received: device })
  }
  signal?.throwIfAborted()
  const calls = callWorker(worker)
  try {
    const given = {
      ...sent,
      model: isAddress(model) ? folderAddress(model) : { ...model },
      ...(runtime !== undefined && { runtime: folderAddress(runtime) }),
    }
    const loaded = await calls.call('load', [given], { signal, onProgress })
    return inPage(loaded, calls)
  } catch (error) {
    calls.end()
    throw error
  }
}

const isAddress = (model: unknown): model is string | URL => typeof model === 'string' || model instanceof URL

/** What relative names are taken from begins at a folder. */
const folderAddress = (folder: string | URL): string => pageAddress(folder).href.replace(/\/?$/, '/')

function inPage(loaded: LoadedInPage, { call, end }: WorkerCalls): MafInPage {
  let ended: Promise<void> | undefined
  return {
    ...loaded,
    annotate: async (post, { signal, ...options } = {}) =>
      call('annotate', [sentPost(post), options], { signal }),
    explain: async (post, { signal, otherPicture, ...options } = {}) => {
      const other = otherPicture !== undefined && {
        otherPicture: sentPicture(otherPicture, 'otherPicture'),
      }
      const sent: SentOptions = { ...options, ...other }
      return call('explain', [sentPost(post), sent], { signal })
    },
    dispose() {
      ended ??= call('dispose', []).finally(end)
      return ended
    },
  }
}
