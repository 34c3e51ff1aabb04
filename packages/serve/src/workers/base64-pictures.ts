import type { PictureNaming } from '@mafjs/data'

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const SHOWN = 40

const FIX = 'Send the bytes of the picture itself; a path or an address is never opened.'

/** Pictures as the bytes of their files in base64. */
export const BASE64_PICTURES: PictureNaming = {
  name: 'a picture file in base64',
  names: 'picture files in base64',
  fix: FIX,
  wrong(picture) {
    // The pattern alone would take `a/b.` apart, and a text of megabytes with it.
    if (picture !== '' && picture.length % 4 === 0 && BASE64.test(picture)) return undefined
    const received = picture === '' ? 'an empty text' : JSON.stringify(picture.slice(0, SHOWN))
    return { rule: 'must have the bytes of its pictures in base64', received, fix: FIX }
  },
}
