import { InvalidArgumentError } from '@mafjs/tensor/errors'
import type { SentPicture, SentPost } from './protocol'

/** Pixels that are decoded already, such as an `ImageBitmap`; they are drawn as they are. */
export interface DecodedPicture {
  readonly width: number
  readonly height: number
  close(): void
}

/** A picture as a page has it: a file, its bytes, decoded pixels, or its address on the page's own origin. */
export type PagePicture = Blob | Uint8Array | DecodedPicture | URL | string

/** A post as a page gives it. */
export interface PagePost {
  text: string
  /** Its words, in order and with nothing but white space between. @default its text is split */
  tokens?: readonly string[] | undefined
  /** Left out for a post without a picture. */
  image?: PagePicture | undefined
  /** Its pictures, where it has several; instead of `image`. */
  images?: readonly PagePicture[] | undefined
}

const refuse = (argument: string, rule: string, received: unknown, fix?: string): never => {
  throw new InvalidArgumentError({ argument, rule, received, ...(fix && { fix }) })
}

/** An address, taken relative to the page; in a worker to its script. */
export const pageAddress = (address: string | URL): URL => new URL(address, here())

const here = (): string =>
  (globalThis as { document?: { baseURI: string } }).document?.baseURI ?? globalThis.location.href

/** A picture on its way to the worker. */
export function sentPicture(picture: unknown, argument: string): SentPicture {
  if (typeof picture === 'string' || picture instanceof URL) {
    const url = pageAddress(picture)
    // A picture of another place would be a request that whoever wrote the post could cause.
    if (url.protocol !== 'blob:' && url.origin !== pageAddress('').origin) {
      const fix = 'Fetch it yourself and give its Blob.'
      return refuse(argument, "must be an address of the page's own origin", url.origin, fix)
    }
    return { name: String(picture), source: { url: url.href } }
  }
  if (picture instanceof Blob) return { name: argument, source: picture }
  if (picture instanceof Uint8Array) {
    return { name: argument, source: new Blob([picture as Uint8Array<ArrayBuffer>]) }
  }
  if (typeof ImageBitmap !== 'undefined' && picture instanceof ImageBitmap) {
    return { name: argument, source: picture }
  }
  const received = picture === null ? 'null' : typeof picture
  return refuse(argument, 'must be a Blob, a Uint8Array, an ImageBitmap or an address', received)
}

/**
 * A post on its way to the worker.
 *
 * @throws InvalidArgumentError for a post that is none, or a picture that cannot be sent.
 */
export function sentPost(post: PagePost): SentPost {
  if (typeof post !== 'object' || post === null) {
    return refuse('post', 'must be { text, image?, images? }', post === null ? 'null' : typeof post)
  }
  const { image, images, ...said } = post
  if (image !== undefined && images !== undefined) {
    refuse('images', 'must be given instead of image, not beside it', 'both', 'Put all pictures into images.')
  }
  if (images !== undefined && !Array.isArray(images)) {
    refuse('images', 'must be a list of pictures', typeof images)
  }
  const all = images ?? (image === undefined ? [] : [image])
  const named = (place: number): string => (image === undefined ? `images[${place}]` : 'image')
  return { ...said, pictures: all.map((picture, place) => sentPicture(picture, named(place))) }
}
