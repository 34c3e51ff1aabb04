import { normal, uniform } from '@mafjs/tensor'

/** Bands of the spectrogram, low to high. */
export const BANDS = 16

/** The longest recording; the shortest has half of it. */
export const MOST_FRAMES = 20

/** What a recording can be: a note with its overtones, or noise over the low bands, the high ones, or all. */
export const SOUND_KINDS = ['tone', 'rumble', 'hiss', 'clatter'] as const

/** One of {@link SOUND_KINDS}. */
export type SoundKind = (typeof SOUND_KINDS)[number]

/** A recording as a log spectrogram. */
export interface Sound {
  /** `[count, BANDS]`, row by row. */
  frames: Float32Array
  count: number
}

/** How strong a sound is above the ground of noise, summed over the bands of a frame. */
const LOUDNESS = 10

/** Strength of every band in one frame of a sound, of one sum for all kinds: loudness alone tells nothing. */
function spectrum(kind: SoundKind, lowest: number): Float32Array {
  const strength: Record<SoundKind, (band: number) => number> = {
    tone: band => (band > 0 && band % lowest === 0 ? Math.sqrt(lowest / band) : 0),
    rumble: band => Math.exp(-band / 3),
    hiss: band => Math.exp(-(BANDS - 1 - band) / 3),
    clatter: () => 1,
  }
  const shape = Float32Array.from({ length: BANDS }, (_, band) => strength[kind](band))
  const sum = shape.reduce((total, value) => total + value, 0)
  return shape.map(value => (LOUDNESS * value) / sum)
}

/** Draws a recording: a ground of noise, and the sound itself in a third of the frames, anywhere. */
export function drawSound(kind: SoundKind, key: { seed: number; step: number }): Sound {
  const [length, place, lowest] = uniform(3, { ...key, site: 'sound' }) as unknown as [number, number, number]
  const count = Math.floor((MOST_FRAMES / 2) * (1 + length) + 0.5)
  const sounding = Math.floor(count / 3)
  const start = Math.floor(place * (count - sounding + 1))
  const heard = spectrum(kind, 3 + Math.floor(3 * lowest))
  const frames = normal(count * BANDS, { ...key, site: 'ground' })
  for (let i = start * BANDS; i < (start + sounding) * BANDS; i++) frames[i]! += heard[i % BANDS]!
  return { frames, count }
}
