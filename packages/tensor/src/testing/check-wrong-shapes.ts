import { type Bench, SEED } from './bench'
import { refusal } from './check-outputs'
import { mapInputs, type PlainInputs, type PlainTensor, resizeAxis } from './plain'
import type { Finding } from './subject'

/** Every input of a wrong rank, a size off by one, or a size of one where it would be broadcast, is refused. */
export async function checkWrongShapes(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [path, words] of Object.entries(bench.words)) {
    const part = bench.plain[path]
    if (!part || !('tensor' in part)) continue
    const { tensor } = part
    const faults: string[] = []
    const refuse = async (wrong: PlainTensor | undefined, names: readonly string[]): Promise<void> => {
      const { [path]: _right, ...others } = bench.plain
      const fault = await refusal(bench, wrong ? { ...others, [path]: { tensor: wrong } } : others, names)
      if (fault) faults.push(`${wrong ? `[${wrong.shape.join(', ')}]` : 'left out'} ${fault}`)
    }
    const spec = bench.specs[path]!
    if (spec.kind === 'tensor' && !spec.optional) await refuse(undefined, [path])
    const { shape } = tensor
    await refuse({ ...tensor, shape: [...shape, 1] }, [path])
    await refuse({ ...tensor, shape: [1, ...shape] }, [path])
    if (shape.length > 0) {
      const dropped = resizeAxis(tensor, shape.length - 1, 1)
      await refuse({ ...dropped, shape: shape.slice(0, -1) }, [path])
    }
    for (const [axis, word] of words.entries()) {
      // Of two inputs that disagree either may be the wrong one.
      const sharing = Object.keys(bench.words).filter(other => bench.words[other]!.includes(word))
      if (sharing.length === 1 && (await isFree(bench, word))) continue
      const size = shape[axis]!
      for (const wrong of new Set([size + 1, size - 1, 1])) {
        if (wrong >= 1 && wrong !== size) await refuse(resizeAxis(tensor, axis, wrong), sharing)
      }
    }
    if (faults.length > 0) {
      const message = `of shape [${shape.join(', ')}] = [${words.join(', ')}]: ${faults.join('; ')}`
      findings.push({ check: 'wrong-shape', subject: path, message })
    }
  }
  return findings
}

/** Whether a word may have any size as long as all inputs agree on it. */
async function isFree(bench: Bench, word: string | number): Promise<boolean> {
  const larger: PlainInputs = mapInputs(bench.plain, (path, part) => {
    const axis = bench.words[path]?.indexOf(word) ?? -1
    if (axis < 0 || !('tensor' in part)) return part
    return { tensor: resizeAxis(part.tensor, axis, part.tensor.shape[axis]! + 1) }
  })
  try {
    await bench.apply(larger, { training: true, seed: SEED })
    return true
  } catch {
    return false
  }
}
