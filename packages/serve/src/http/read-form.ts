import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { gatherBytes } from '@mafjs/data'
import type { Job } from '../queue/job'
import type { PostLimits } from '../workers/worker-messages'
import { HttpProblem, tooLarge } from './http-problem'

/** UTF-8 takes at most so many bytes of a UTF-16 unit. */
const BYTES_OF_A_UNIT = 3

const decoder = new TextDecoder('utf-8', { fatal: true })

/** The text of a part. */
function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new HttpProblem(400, 'text must be UTF-8. Received: bytes that are not.')
  }
}

/**
 * Reads a form with a part `text` and pictures as parts `image` or `images`, of any number. Every part is read as bytes, whatever it
 * says that it is, and its file name is not looked at.
 *
 * @throws HttpProblem 400 for a broken form or other parts, 413 for parts that are too large or too many
 */
export async function readForm(
  chunks: AsyncIterable<Buffer>,
  headers: BusboyHeaders,
  { text: units, pictures, pictureBytes }: PostLimits,
): Promise<Job> {
  const textBytes = BYTES_OF_A_UNIT * units
  const texts: Uint8Array[] = []
  const images: Uint8Array[] = []
  let form: InstanceType<typeof Busboy>
  try {
    form = new Busboy({
      headers,
      // A field is cut in silence, a file says that it was.
      isPartAFile: () => true,
      limits: {
        parts: pictures + 1,
        files: pictures + 1,
        fields: 0,
        fileSize: Math.max(textBytes, pictureBytes),
        headerPairs: 16,
        headerSize: 4096,
      },
    })
  } catch (error) {
    throw new HttpProblem(400, `The form must say its boundary. Received: ${(error as Error).message}.`)
  }
  const refuse = (problem: HttpProblem): void => void form.destroy(problem)
  const tooMany = (): void => refuse(new HttpProblem(413, `A form must have at most ${pictures} pictures.`))
  form.on('partsLimit', tooMany)
  form.on('filesLimit', tooMany)
  form.on('file', (name, stream, filename) => {
    const isText = name === 'text'
    const limit = isText ? textBytes : pictureBytes
    if (!isText && name !== 'image' && name !== 'images') {
      refuse(new HttpProblem(400, 'A form must have parts "text" and "image" only. Received: another name.'))
    }
    const bytes = gatherBytes()
    stream.on('data', (part: Buffer) => {
      if (bytes.length + part.length > limit) refuse(tooLarge(`"${name}"`, limit))
      else bytes.add(part)
    })
    stream.on('limit', () => refuse(tooLarge(`"${name}"`, limit)))
    stream.on('error', () => {})
    stream.on('end', () => {
      const isNothing = bytes.length === 0 && !isText && !filename
      // What a page's empty field for files sends.
      if (!isNothing) (isText ? texts : images).push(bytes.take())
    })
  })
  try {
    await pipeline(chunks, form)
  } catch (error) {
    if (error instanceof HttpProblem || !form.destroyed) throw error
    throw new HttpProblem(400, 'The form must be whole multipart/form-data. Received: a broken one.')
  }
  if (texts.length !== 1) {
    throw new HttpProblem(400, `A form must have one part "text". Received: ${texts.length}.`)
  }
  return { kind: 'form', text: textOf(texts[0]!), images }
}
