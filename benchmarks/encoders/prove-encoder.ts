import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { HostArray } from '@mafjs/compile'
import { createProgram, useEngine } from '@mafjs/compile/engine'
import { freezeEncoder, loadImageEncoder, loadTextEncoder, type TextInputs } from '@mafjs/encoders'
import { withFolder } from '../../tools/command'
import { runShown } from '../../tools/processes'
import { type Arrays, openTensorFile } from '../files/tensor-file'
import { ENCODERS, type EncoderName, type PackagedEncoder } from './catalogue'

const JUDGE = fileURLToPath(new URL('judge.py', import.meta.url))

/** Of several lengths, so that one batch has padding; with pieces, accents and an emoji. */
const SENTENCES = [
  'Paris is the capital of France .',
  'RT @JustinBieber : So excited for tonight in Zürich 🎉 http://t.co/x1',
  'Well',
]

/** What our hidden states may be off from those of transformers or timm, as a share of the largest. */
const SAME = 1e-5

/** Cosines are known to three digits. */
const SAME_COSINE = 1e-3

/** What the judge says of words: the five likeliest for a mask, and cosines of two words' embeddings. */
interface Said {
  masked: Record<string, string[]>
  cosines: Record<string, number>
}

/** The largest difference of two arrays as a share of the second's largest value, of the places that count. */
export function deviation(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  counts: (place: number) => boolean = () => true,
): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY
  let [apart, largest] = [0, 0]
  for (let i = 0; i < theirs.length; i++) {
    if (!counts(i)) continue
    // What is no number stays so: it is within no bound.
    apart = Math.max(apart, Math.abs(ours[i]! - theirs[i]!))
    largest = Math.max(largest, Math.abs(theirs[i]!))
  }
  return apart / largest
}

/** How far our hidden states are from the judge's; padding, whose id the judge gives as -1, counts for nothing. */
async function textDeviation(folder: string, { ids, states }: Arrays): Promise<number> {
  const engine = await useEngine({ engine: 'onnx' })
  const { encoder, tokenizer } = await loadTextEncoder(folder)
  const [rows, positions] = ids!.shape as [number, number]
  const ours = SENTENCES.map(sentence => tokenizer.encodeWords(sentence.split(' ')).ids)
  const padded = ours.flatMap(row => [...row, ...Array(positions - row.length).fill(-1)])
  if (padded.join() !== [...ids!.data].join())
    throw new Error(
      `${folder}: our tokenizer gives ${padded.join()}, that of transformers ${ids!.data.join()}`,
    )
  const program = createProgram<TextInputs>(engine, inputs => ({ states: encoder.apply(inputs).states }))
  const shape = [rows, positions]
  const inputs = {
    ids: { data: Int32Array.from(padded, id => Math.max(id, 0)), shape },
    mask: { data: Float32Array.from(padded, id => (id < 0 ? 0 : 1)), shape },
  }
  const computed = (await program.run(inputs))['states'] as HostArray
  await program.dispose()
  encoder.dispose()
  const width = states!.shape[2]!
  return deviation(computed.data, states!.data, i => padded[Math.floor(i / width)]! >= 0)
}

async function pictureDeviation(folder: string, { pixels, states }: Arrays): Promise<number> {
  const engine = await useEngine({ engine: 'onnx' })
  const loaded = await loadImageEncoder(folder)
  const frozen = freezeEncoder(loaded, engine)
  const count = pixels!.shape[0]!
  const encoded = await frozen.encode({
    pixels: { data: pixels!.data as Float32Array, shape: pixels!.shape },
    present: { data: new Float32Array(count).fill(1), shape: [count] },
  })
  await frozen.dispose()
  loaded.encoder?.dispose()
  return deviation(encoded.states.data, states!.data)
}

/** What is wrong with what was said, as sentences. */
export function contradictions({ masked, cosines }: Said, expected: PackagedEncoder['expected']): string[] {
  const wrong: string[] = []
  for (const [sentence, word] of Object.entries(expected?.masked ?? {})) {
    if (masked[sentence]![0] !== word)
      wrong.push(`"${sentence}" must be completed by ${word}, not ${masked[sentence]![0]}`)
  }
  for (const [pair, value] of Object.entries(expected?.cosines ?? {})) {
    if (!(Math.abs(cosines[pair]! - value) < SAME_COSINE))
      wrong.push(`the cosine of ${pair} must be ${value}, not ${cosines[pair]}`)
  }
  return wrong
}

/**
 * Compares an encoder's folder, through `@mafjs/encoders` on ONNX Runtime, with what transformers or timm makes of it, and
 * with what it is known to say.
 *
 * @throws Error with all that differs.
 */
export async function proveEncoder(
  name: EncoderName,
  { folder, python }: { folder: string; python: string },
): Promise<void> {
  const { format, expected }: PackagedEncoder = ENCODERS[name]
  await withFolder('judge', async work => {
    const asked = {
      ...{ format, sentences: SENTENCES },
      ...{ masked: Object.keys(expected?.masked ?? {}), cosines: Object.keys(expected?.cosines ?? {}) },
    }
    await writeFile(join(work, 'asked.json'), JSON.stringify(asked))
    await runShown(python, [JUDGE, folder, join(work, 'asked.json'), work])
    const said = JSON.parse(await readFile(join(work, 'said.json'), 'utf8')) as Said
    for (const [sentence, words] of Object.entries(said.masked))
      console.log(`${sentence} ${words.join(', ')}`)
    for (const [pair, value] of Object.entries(said.cosines))
      console.log(`cosine of ${pair}: ${value.toFixed(3)}`)
    const judged = Object.entries(openTensorFile(join(work, 'judged.safetensors')))
    const arrays = Object.fromEntries(judged.map(([tensor, values]) => [tensor, values()]))
    const apart = await (format === 'efficientnet-lite' ? pictureDeviation : textDeviation)(folder, arrays)
    const judge = format === 'efficientnet-lite' ? 'timm' : 'transformers'
    console.log(`hidden states: off from ${judge} by ${apart.toExponential(1)} of the largest value`)
    const wrong = contradictions(said, expected)
    if (!(apart <= SAME)) wrong.push(`hidden states must be those of ${judge} to ${SAME} of the largest`)
    if (wrong.length > 0) throw new Error(`${folder} is not ${name}:\n${wrong.join('\n')}`)
  })
}
