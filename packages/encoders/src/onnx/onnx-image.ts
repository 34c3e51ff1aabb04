import { externalTensors, type OpenedModel, type ThreadOptions } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import { digestOf } from '@mafjs/tensor/files'
import { withLifetime } from '@mafjs/tensor/lifetime'
import type { EncodingArrays, PictureArrays } from '../image/image-arrays'
import { encodePictures } from './encode-pictures'
import type { OnnxImageConfig } from './onnx-image-config'
import { openImageModel } from './open-image-model'

/** An ONNX image model that runs. */
export interface OpenedOnnxImage {
  encode(pictures: PictureArrays): Promise<EncodingArrays>
  /** Frees it after the calls under way; later ones are refused. */
  dispose(): Promise<void>
}

/** An ONNX image model as a part of a MAF model: its file, and how to run it. */
export interface OnnxImage {
  readonly config: OnnxImageConfig
  /** The bytes of its file. */
  readonly model: Uint8Array
  /** Runs it; those who open it with the same options share one session, which ends with the last of them. */
  open(session: ThreadOptions): OpenedOnnxImage
}

/** Numbers of a picture's regions: 256 MB. */
const MOST_NUMBERS = 2 ** 26

/** Numbers that a run would else stumble over. */
function assertWhole({ imageSize, regions, channels, batch }: OnnxImageConfig, file: string): void {
  for (const [name, value] of Object.entries({ imageSize, regions, channels, batch })) {
    if ((Number.isInteger(value) && Number(value) > 0) || (name === 'batch' && value === 'any')) continue
    throw new InvalidArgumentError({
      argument: `${file}: ${name} of its configuration`,
      rule: 'must be a positive whole number',
      received: value ?? 'nothing',
      fix: 'The configuration is damaged; copy it again.',
    })
  }
  if (regions * channels <= MOST_NUMBERS) return
  throw new InvalidArgumentError({
    argument: `${file}: regions and channels of its configuration`,
    rule: `must be at most ${MOST_NUMBERS} numbers of a picture`,
    received: `${regions} x ${channels}`,
    fix: 'The configuration is damaged; copy it again.',
  })
}

/** Weights beside it, where an earlier version let them be: they are no part of what its digest is of. */
function assertOneFile(model: Uint8Array, file: string): void {
  const [place] = externalTensors(model, file)
  if (!place) return
  throw new InvalidArgumentError({
    argument: file,
    rule: 'must hold all its weights',
    received: `the tensor "${place.tensor}" in a file ${place.location}`,
    fix: 'Train the model again from the original .onnx file: its weights are then moved into the copy.',
  })
}

interface SharedSession {
  opened: Promise<OpenedModel>
  users: number
}

/**
 * Holds an ONNX image model ready to be opened.
 *
 * @param file what it is called in errors
 * @throws InvalidArgumentError for bytes of another model than the configuration's, one with weights outside, or a
 * configuration that is damaged.
 */
export function createOnnxImage(model: Uint8Array, config: OnnxImageConfig, file: string): OnnxImage {
  assertWhole(config, file)
  const digest = digestOf(model)
  if (digest !== config.sha256) {
    throw new InvalidArgumentError({
      argument: file,
      rule: `must be the model whose SHA-256 is ${config.sha256}`,
      received: digest,
      fix: 'It was changed or cut off; copy it again from where it came from.',
    })
  }
  assertOneFile(model, file)
  const sessions = new Map<string, SharedSession>()
  return {
    config,
    model,
    open(session) {
      const key = JSON.stringify(session)
      const shared = sessions.get(key) ?? { opened: openImageModel(model, file, session), users: 0 }
      sessions.set(key, shared)
      shared.users += 1
      // Who encodes hears of it; who never does has nothing to hear.
      shared.opened.catch(() => {})
      const encoder: OpenedOnnxImage = {
        encode: async pictures => encodePictures(await shared.opened, pictures, config),
        async dispose() {
          shared.users -= 1
          if (shared.users > 0) return
          sessions.delete(key)
          await shared.opened.then(
            opened => opened.dispose(),
            () => {},
          )
        },
      }
      return withLifetime(encoder, { of: 'image encoder', again: 'Open it again' })
    },
  }
}
