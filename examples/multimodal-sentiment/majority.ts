/** The class that most labels have; of equals the first. */
export function majority(labels: readonly number[], classes: number): number {
  const counts = Array.from({ length: classes }, (_, label) => labels.filter(one => one === label).length)
  return counts.indexOf(Math.max(...counts))
}
