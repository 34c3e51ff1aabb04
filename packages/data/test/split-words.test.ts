import { tokenizerFromVocab } from '@mafjs/encoders'
import { randomWords } from '@mafjs/tensor'
import { describe, expect, it } from 'vitest'
import { type SplitterName, splitWords } from '../src'

const SPLITTERS: SplitterName[] = ['tweet', 'characters', 'whitespace']

// What texts are most often cut wrongly at: pairs, joiners, marks, lone surrogates, odd spaces, half emoticons.
const ATOMS = [
  ...' \t\n\r\u00a0\u2003\u3000\ufeff\u200b\u2028\u00ad\u200e\u2060'.split(''),
  ...'aZé9_-/.,:;()[]<>@#$&*^\'"…’|=+'.split(''),
  ...[
    '😂',
    '👍🏽',
    '👨‍👩‍👧',
    '🇺🇸',
    '🇺',
    '❤️',
    '1️⃣',
    '#️⃣',
    '書',
    '한',
    'क्ष',
    '𠮷',
    '\u0301',
    '\u200d',
    '\ufe0f',
    '\u0600',
  ],
  ...[
    '\ud83d',
    '\ude02',
    'http://',
    'https://t.co/a',
    'www.',
    ':-)',
    '<3',
    'xD',
    '&amp;',
    "don't",
    'h…',
    '@',
    '10,000',
  ],
]

const randomText = (seed: number): string => {
  const words = randomWords(40, { seed, site: 'test.splitWords' })
  const count = words[0]! % 40
  return [...words.subarray(1, 1 + count)].map(word => ATOMS[word % ATOMS.length]).join('')
}

describe.each(SPLITTERS)('splitWords, %s', splitter => {
  it('puts every unit that can be seen into exactly one word and cuts no surrogate pair', () => {
    // Compared once: an assertion per border would take longer than the splitting.
    const wrong: string[] = []
    for (let seed = 0; seed < 3000; seed++) {
      const text = randomText(seed)
      const { words, offsets } = splitWords(text, splitter)
      const cutsPair = (at: number): boolean =>
        /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, at - 1), at + 1))
      const times = new Uint8Array(text.length)
      for (const [start, end] of offsets) for (let unit = start; unit < end; unit++) times[unit]!++
      const right =
        words.every((word, index) => word === text.slice(...offsets[index]!) && word !== '') &&
        offsets.every(([start, end]) => !cutsPair(start) && !cutsPair(end)) &&
        words.every(word => /[^\s\p{Default_Ignorable_Code_Point}]/u.test(word)) &&
        times.every((count, unit) =>
          /\p{Default_Ignorable_Code_Point}/u.test(text[unit]!)
            ? count < 2
            : count === (/\s/.test(text[unit]!) ? 0 : 1),
        )
      if (!right) wrong.push(JSON.stringify(text))
    }
    expect(wrong).toEqual([])
  })

  it('gives no words for a text of white space', () => {
    expect(splitWords(' \n\u00a0\u3000', splitter)).toEqual({ words: [], offsets: [] })
  })

  it('needs linear time for a text made to be slow', () => {
    const joined = ['a\u200d', '\u200d', '\u200b', '\u00ad', '\ufe0f', 'a\u00ad', '\u200da']
    for (const atom of [
      ...'-@#\ud83d\ude02',
      'a.',
      '1.',
      'www.',
      '😂',
      '\u0301',
      '\u0600',
      '-_',
      ':[',
      'a@',
      ...joined,
    ]) {
      const begin = process.cpuUsage() // not the clock: other work on the machine must not fail this
      splitWords(atom.repeat(100_000 / atom.length), splitter)
      expect(process.cpuUsage(begin).user / 1000, atom).toBeLessThan(2000) // quadratic time takes far longer
    }
  })
})

describe('splitWords', () => {
  it.each([
    ["RT @Jay_Ken: I don't", ['RT', '@Jay_Ken', ':', 'I', 'don', "'", 't']],
    ['#bpUNESCO🇺🇸🇩🇪 now…', ['#bpUNESCO', '🇺🇸', '🇩🇪', 'now', '…']],
    [
      '(see https://t.co/a_(b), or www.x.org/?q=1!)',
      '( see https://t.co/a_(b ) , or www.x.org/?q=1 ! )'.split(' '),
    ],
    ['lol:) :-( :D ;P <3 xD ^_^ 10:30 a:b', 'lol :) :-( :D ;P <3 xD ^_^ 10 : 30 a : b'.split(' ')],
    ['18-year-old U.S. fan, 2.5% 9/11 $AAPL $5', '18-year-old U . S . fan , 2.5 % 9/11 $AAPL $ 5'.split(' ')],
    ['👨‍👩‍👧❤️👍🏽1️⃣!!', ['👨‍👩‍👧', '❤️', '👍🏽', '1️⃣', '!', '!']],
    ['me@b.co http://t.c… http…', ['me@b.co', 'http://t.c…', 'http…']],
    ['café नमस्ते نمی‌خواهم', ['café', 'नमस्ते', 'نمی‌خواهم']],
  ])('splits the tweet %j', (text, words) => {
    expect(splitWords(text, 'tweet').words).toEqual(words)
  })

  // https://github.com/UniversalDependencies/docs/issues/1010: signs that nobody sees split words and became some.
  it.each([
    ['I met S\u00adiri in Ber\u00adlin', ['I', 'met', 'S\u00adiri', 'in', 'Ber\u00adlin']],
    ['I met \u200eRob\u200e in Ro\u200bme', ['I', 'met', 'Rob', 'in', 'Ro\u200bme']],
    ['Lima\u200b \u200b \u2060. \ufe0f \u200d', ['Lima', '.']],
    [
      '#Ber\u00adlin @\u200bRob Jean\u00ad-\u200bPaul',
      ['#Ber\u00adlin', '@\u200bRob', 'Jean\u00ad-\u200bPaul'],
    ],
    [
      'Ber\ufefflin 10,\u2060000 :\u200b-) #नम\u200dस्ते',
      ['Ber\ufefflin', '10,\u2060000', ':\u200b-)', '#नम\u200dस्ते'],
    ],
    ['\u200b', []],
  ])('does not split %j at signs that nobody sees', (text, words) => {
    expect(splitWords(text, 'tweet').words).toEqual(words)
  })

  it('leaves of a word what BERT leaves of it, whatever signs that nobody sees are inside', () => {
    const tokenizer = tokenizerFromVocab(['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'ab', '##cd', 'abcd'], {
      lowercase: true,
    })
    const wrong: string[] = []
    // Above are the letters of flags, which are parts of an emoji only.
    for (let point = 0; point < 0xe0020; point++) {
      const sign = String.fromCodePoint(point)
      if (!/\p{Cf}/u.test(sign) || !/\p{Default_Ignorable_Code_Point}/u.test(sign)) continue
      const { words } = splitWords(`ab${sign}cd`, 'tweet')
      const { ids } = tokenizer.encodeWords(words)
      if (words.length !== 1 || ids.length !== 3) wrong.push(point.toString(16))
    }
    expect(wrong).toEqual([])
  })

  it('splits characters as a reader sees them, and white space only', () => {
    expect(splitWords('書𠮷e\u0301 👍🏽.', 'characters')).toEqual({
      words: ['書', '𠮷', 'e\u0301', '👍🏽', '.'],
      offsets: [
        [0, 1],
        [1, 3],
        [3, 5],
        [6, 10],
        [10, 11],
      ],
    })
    expect(splitWords(" it's\u00a0(ok) ", 'whitespace').words).toEqual(["it's", '(ok)'])
  })

  it('keeps a character with very many marks whole', () => {
    const marked = `e${'\u0301'.repeat(1000)}`
    expect(splitWords(`${marked}a`, 'characters').words).toEqual([marked, 'a'])
  })

  it('names the splitters there are', () => {
    expect(() => splitWords('a', 'words' as SplitterName)).toThrow(
      'splitter must be one of tweet, characters, whitespace. Received: words.',
    )
  })
})
