import type { Draws } from '../draws'

/** First syllables of names. */
export const firstSyllables: readonly string[] = (
  'bel bran cal cor dal dor el fen gal gor hal hel in jor kal kel kor lan lor lu mal mar mel mor nal nor ol or ' +
  'pel quil ral ren ro sal sel sor tal tam tor ul val vel vor wil win yel yor zan'
).split(' ')

/** Syllables inside names. */
export const middleSyllables: readonly string[] =
  'a be da do e ga ka la le li lo ma me mi mo na ne no ra re ri ta ti va'.split(' ')

/** Last syllables of names. */
export const lastSyllables: readonly string[] = (
  'bor dan del den din don dra dris fin gan gon ka kin lan len lin lo lon mar mir na nel nin nor ra ran ren rin ' +
  'ron sa sen son ta ten tin ton va ven vin vor'
).split(' ')

/** A made-up word in lower case: two or three syllables. */
export function drawSyllableWord(draws: Draws): string {
  const middle = draws.chance(0.4) ? draws.pick(middleSyllables) : ''
  return draws.pick(firstSyllables) + middle + draws.pick(lastSyllables)
}

/** The same word with a capital first letter. */
export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
