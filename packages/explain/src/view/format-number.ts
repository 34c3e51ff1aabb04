/** A probability for people, such as `93.1 %`. */
export function percent(probability: number): string {
  const hundredth = probability * 100
  if (hundredth > 0 && hundredth < 0.1) return '< 0.1 %'
  return `${hundredth.toFixed(1)} %`
}

/** A difference of probabilities in points, with its sign. */
export function points(difference: number): string {
  const size = (Math.abs(difference) * 100).toFixed(1)
  if (Number(size) === 0) return '±0.0'
  return `${difference < 0 ? '−' : '+'}${size}`
}

/** A number from 0 to 1 in two digits. */
export const twoDigits = (value: number): string => value.toFixed(2)

/** `1 word`, `2 words`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
