/** What is wrong with a picture. */
export type PictureFault =
  | 'missing'
  | 'unreadable'
  | 'empty'
  | 'not a picture'
  | 'format not read'
  | 'too many pixels'
  | 'broken'
  | 'remote'

/** Thrown for a picture that cannot be used: which one, what is wrong with it, and what to do. */
export class PictureError extends Error {
  override name = 'PictureError'
  constructor(
    /** The path, or the size of bytes without one. */
    readonly picture: string,
    readonly fault: PictureFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${picture}: ${message}`, options)
  }
}
