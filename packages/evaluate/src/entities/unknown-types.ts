/**
 * The entity types of gold labels that a model cannot find, each with the number of its entities.
 *
 * @param known the model's types
 */
export function unknownTypes(gold: readonly (readonly string[])[], known: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const label of gold.flat()) {
    const type = label.slice(2)
    if (label.startsWith('B-') && !known.includes(type)) counts.set(type, (counts.get(type) ?? 0) + 1)
  }
  return [...counts.keys()].sort().map(type => `${type} (${counts.get(type)})`)
}
