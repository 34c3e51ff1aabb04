import { findTorch, type Starter } from './sides'

/** The Pythons that have a PyTorch, each once. */
export interface Opponents {
  found: Starter[]
  /** Which have none, and why. */
  notes: string[]
}

/**
 * Starts every Python and asks for its PyTorch.
 *
 * @param cache folder for what `torch.compile` makes
 */
export async function findOpponents(pythons: readonly string[], cache: string): Promise<Opponents> {
  const found: Starter[] = []
  const notes: string[] = []
  for (const python of pythons) {
    try {
      const starter = await findTorch(python, cache)
      // Two names of one interpreter are one opponent.
      const isKnown = found.some(({ about }) => JSON.stringify(about) === JSON.stringify(starter.about))
      if (!isKnown) found.push(starter)
    } catch (error) {
      const [reason] = String(error instanceof Error ? error.message : error).split('\n')
      notes.push(`${python.split('/').at(-1)} has no PyTorch to race: ${reason}`)
    }
  }
  if (found.length === 0) {
    notes.push('NO PYTORCH IS HERE: nothing was compared or raced. README.md says how to install one.')
  }
  return { found, notes }
}
