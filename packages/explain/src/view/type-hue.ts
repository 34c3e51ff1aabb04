/** Hues, in degrees, that are told apart beside each other, for people who see red and green as one too. */
const HUES = [250, 75, 160, 345, 205, 110, 300, 30]

/** The entity type of a label, such as `PER` of `B-PER`; a label of none is itself. */
export const typeOf = (label: string): string => /^[BIESLU]-(.+)$/s.exec(label)?.[1] ?? label

/** The hue of an entity type: by its place among the model's types, so that a type looks the same in every post. */
export function typeHue(type: string, labels: readonly string[]): number {
  const types = [...new Set(labels.filter(label => label !== 'O').map(typeOf))].sort()
  return HUES[Math.max(0, types.indexOf(type)) % HUES.length]!
}
