import { normal, uniform } from '@mafjs/tensor'

/** Bands of a log spectrogram, low to high, and its frames at most. */
export const [BANDS, FRAMES] = [16, 20]
/** What tells the subject of a post: words with a sound that fits, the sound alone, or words with a sound that misleads. */
export const GROUPS = ['text decides', 'sound decides', 'sound misleads'] as const
/** One post; its sound are frames of `BANDS` numbers, row by row. */
export type Post = { words: string[]; sound?: Float32Array | undefined; subject: string; group: string }
/** How strong each band of a sound is; a tone has overtones. */
const SOUNDS: Readonly<Record<string, (band: number, lowest: number) => number>> = {
  tone: (band, lowest) => (band > 0 && band % lowest === 0 ? Math.sqrt(lowest / band) : 0),
  rumble: band => Math.exp(-band / 3),
  hiss: band => Math.exp((band - BANDS + 1) / 3),
  clatter: () => 1,
}
/** What a post may be about: subject, sound, words that say it. */
const SENSES = `bird tone robin sparrow thrush, music tone violin flute choir, engine rumble lorry tractor mower,
  storm rumble thunder gale tempest, snake hiss viper cobra python, rain hiss drizzle shower downpour,
  kitchen clatter saucepan plate cupboard, train clatter locomotive wagon tram`
const senses = new Map(SENSES.split(/,\s*/).map(line => [line.split(' ')[0]!, line.split(' ').slice(1)]))
export const SUBJECTS = [...senses.keys()]
/** Words with two meanings, which sound in different ways. */
const AMBIGUOUS = `crane bird engine, whistle bird train, horn music engine, roll music storm,
  strike storm snake, rattle snake kitchen, tap rain kitchen, rush rain train`.split(/,\s*/)

/** A ground of noise, and the sound in a third of the frames; all kinds are equally loud. */
function drawSound(kind: string, key: { seed: number; step: number }): Float32Array {
  const [length, place, lowest] = [...uniform(3, { ...key, site: 'sound' })] as [number, number, number]
  const count = Math.floor((FRAMES / 2) * (1 + length) + 0.5)
  const sounding = Math.floor(count / 3)
  const start = Math.floor(place * (count - sounding + 1)) * BANDS
  const heard = Array.from({ length: BANDS }, (_, band) => SOUNDS[kind]!(band, 3 + Math.floor(3 * lowest)))
  const loudness = 10 / heard.reduce((total, value) => total + value, 0)
  const frames = normal(count * BANDS, { ...key, site: 'ground' })
  for (let i = start; i < start + sounding * BANDS; i++) frames[i]! += loudness * heard[i % BANDS]!
  return frames
}

/** Draws posts: in 40 % the words decide, in 50 % the sound does, in 10 % it misleads. */
export const drawPosts = (count: number, seed: number): Post[] =>
  Array.from({ length: count }, (_, step) => {
    const draws = uniform(7, { seed, step, site: 'post' })
    const pick = <T>(list: readonly T[], draw: number): T => list[Math.floor(draws[draw]! * list.length)]!
    const group = GROUPS[draws[0]! < 0.4 ? 0 : draws[0]! < 0.9 ? 1 : 2]!
    const [double, ...meanings] = pick(AMBIGUOUS, 1).split(' ') as [string, ...string[]]
    const subject = pick(group === 'sound decides' ? meanings : SUBJECTS, 2)
    const [kind, ...clear] = senses.get(subject) as [string, ...string[]]
    const word = group === 'sound decides' ? double : pick(clear, 3)
    const begin = pick(['we heard a', 'there was a', 'listen to a'], 4)
    const place = pick(['harbour', 'park', 'station', 'bridge', 'school'], 5)
    const other = pick(Object.keys(SOUNDS).filter(other => other !== kind), 6) // biome-ignore format: one line
    const sound = drawSound(group === 'sound misleads' ? other : kind, { seed, step })
    return { words: `${begin} ${word} near the ${place}`.split(' '), sound, subject, group }
  })
