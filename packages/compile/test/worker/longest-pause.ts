/** How long something took, and how long other work of this thread had to wait meanwhile, milliseconds. */
export async function longestPause(run: () => Promise<unknown>): Promise<{ took: number; longest: number }> {
  let longest = 0
  const started = performance.now()
  let last = started
  const note = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(note, 2)
  await run()
  clearInterval(timer)
  note()
  return { took: performance.now() - started, longest }
}
