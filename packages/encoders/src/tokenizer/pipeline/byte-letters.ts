/** GPT-2's letter for every byte: itself where it prints, else one from 256 on. */
const LETTERS: readonly string[] = (() => {
  const prints = (byte: number): boolean =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(prints(byte) ? byte : next++))
})()

/** A text as the letters of its UTF-8 bytes. */
export const toByteLetters = (text: string): string =>
  Array.from(new TextEncoder().encode(text), byte => LETTERS[byte]).join('')
