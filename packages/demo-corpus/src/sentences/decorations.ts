import type { Draws } from '../draws'
import { capitalised } from './syllables'

/** What people put before a post; nothing of it depends on the type. */
export const openers: readonly string[] = [
  'Omg',
  'Wow,',
  'Ok so',
  'Haha,',
  'LOL',
  'Hey all,',
  'Well,',
  'Honestly,',
  'FYI:',
]

/** Hashtags everybody uses. */
export const hashtags: readonly string[] = [
  '#blessed',
  '#tbt',
  '#love',
  '#NoFilter',
  '#goals',
  '#TGIF',
  '#WeekendMood',
]

/** What ends a post after its words. */
export const endings: readonly string[] = ['', '', '.', '!', '!!', '...']

/** Signs after a post. */
export const signs: readonly string[] = [':)', ':D', '<3', '😂', '🔥', '🙏', '❤']

const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789'
const number = (draws: Draws) => (draws.chance(0.4) ? String(draws.below(100)) : '')

/** What stands before the words: a retweet mark, a mention, an opener or, mostly, nothing. */
export function drawPrefix(draws: Draws, nicknames: readonly string[]): string {
  const kind = draws.unit()
  if (kind >= 0.32) return ''
  if (kind >= 0.18) return `${draws.pick(openers)} `
  const nickname = draws.pick(nicknames)
  const handle = `@${draws.chance(0.5) ? capitalised(nickname) : nickname}${number(draws)}`
  return kind < 0.08 ? `RT ${handle}: ` : `${handle} `
}

/** What stands after the words: hashtags (also made of the syllables of names), a sign, a link, or nothing. */
export function drawSuffix(draws: Draws, nicknames: readonly string[]): string {
  const parts: string[] = []
  if (draws.chance(0.15)) parts.push(draws.pick(signs))
  if (draws.chance(0.15)) parts.push(draws.pick(hashtags))
  if (draws.chance(0.12)) parts.push(`#${capitalised(draws.pick(nicknames))}${number(draws)}`)
  if (draws.chance(0.12)) {
    const path = Array.from({ length: 5 }, () => draws.pick([...letters])).join('')
    parts.push(`http://t.co/${path}`)
  }
  return parts.map(part => ` ${part}`).join('')
}
