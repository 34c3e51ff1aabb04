import type { ApplyOptions } from '../module'
import { type Bench, type Mask, SEED } from './bench'
import { drawInputs, firstExample, mapInputs, type PlainInputs, replaceElements, resizeAxis } from './plain'
import { type Comparison, differences, notFinite, type Snapshot } from './snapshot'
import type { Finding } from './subject'

/** How many positions are appended. */
const APPENDED = 2

const MODES: ApplyOptions[] = [{ training: false }, { training: true, seed: SEED }]

/** Neither the values at padded positions nor more of them change anything at the real ones. */
export async function checkMasks(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  const other = drawInputs(bench.specs, bench.subject.dimensions, SEED + 1000)
  for (const mask of bench.masks) {
    if (mask.positions === undefined) continue
    const variants: [string, PlainInputs, ApplyOptions[]][] = [
      ['values', otherPadding(bench, mask, other), MODES],
      // Dropout draws per position, so with more of them the same seed drops others.
      ['appended', appended(bench, mask), bench.subject.random === 'positions' ? MODES.slice(0, 1) : MODES],
    ]
    for (const [name, plain, modes] of variants) {
      const changed: string[] = []
      for (const options of modes) {
        try {
          const [before, after] = [await bench.apply(bench.plain, options), await bench.apply(plain, options)]
          changed.push(...differences(before, after, realOnly(bench)))
        } catch (error) {
          changed.push(`it throws ${error}`)
        }
      }
      if (changed.length > 0) {
        const message = `${name === 'values' ? 'other values at padded' : 'appended padded'} positions change results: ${changed.join('; ')}`
        findings.push({ check: 'mask', subject: `${mask.path}.${name}`, message })
      }
    }
  }
  return findings
}

/** One example alone works, and gives what it gives among others outside training. */
export async function checkBatchOfOne(bench: Bench): Promise<Finding[]> {
  const plain = firstExample(bench.plain, bench.words, bench.subject.dimensions['batch']!)
  const findings: Finding[] = []
  for (const options of MODES) {
    const alone = await bench.apply(plain, options)
    for (const path of notFinite(alone)) {
      findings.push({ check: 'batch-of-one', subject: path, message: 'holds NaN or infinity' })
    }
    if (options.training) continue
    const among = await bench.apply(bench.plain, options)
    const firstOnly: Comparison = {
      only: (path, leaf) => 'tensor' in leaf && batchAxis(bench, path) >= 0,
      keep: (path, place) => place[batchAxis(bench, path)] === 0 && isReal(bench, path, place),
    }
    for (const message of differences(among, alone, firstOnly)) {
      findings.push({
        check: 'batch-of-one',
        subject: message.split(' ')[0]!,
        message: `the first example alone differs from itself among others: ${message}`,
      })
    }
  }
  return findings
}

/** Elements at real positions, by the masks of the ordinary inputs. */
function realOnly(bench: Bench): Comparison {
  return { keep: (path, place) => isReal(bench, path, place) }
}

function isReal(bench: Bench, path: string, place: readonly number[]): boolean {
  const words = bench.outputs[path]?.shape ?? []
  const batch = place[words.indexOf('batch')]
  return bench.masks.every(mask => {
    const position = mask.positions === undefined ? -1 : words.indexOf(mask.positions)
    if (batch === undefined || position < 0) return true
    return maskAt(bench.plain, mask, batch, place[position]!) > 0
  })
}

/** Where an output has its examples; -1 where it has none. */
export function batchAxis(bench: Bench, path: string): number {
  return bench.outputs[path]?.shape.indexOf('batch') ?? -1
}

function maskAt(plain: PlainInputs, mask: Mask, batch: number, position: number): number {
  const part = plain[mask.path]
  if (!part || !('tensor' in part)) return 1
  return part.tensor.data[batch * part.tensor.shape[1]! + position] ?? 0
}

function otherPadding(bench: Bench, mask: Mask, other: PlainInputs): PlainInputs {
  return mapInputs(bench.plain, (path, part) => {
    const words = bench.words[path]
    const [batch, position] = [words?.indexOf('batch') ?? -1, words?.indexOf(mask.positions!) ?? -1]
    const drawn = other[path]
    if (isMask(bench, path) || batch < 0 || position < 0 || !('tensor' in part)) return part
    if (!drawn || !('tensor' in drawn)) return part
    const isPadding = (place: number[]): boolean =>
      maskAt(bench.plain, mask, place[batch]!, place[position]!) === 0
    return { tensor: replaceElements(part.tensor, isPadding, index => drawn.tensor.data[index]!) }
  })
}

function appended(bench: Bench, mask: Mask): PlainInputs {
  const word = mask.positions!
  const size = bench.subject.dimensions[word]!
  const remade = drawInputs(bench.specs, { ...bench.subject.dimensions, [word]: size + APPENDED }, SEED)
  return mapInputs(bench.plain, (path, part) => {
    const axis = bench.words[path]?.indexOf(word) ?? -1
    if ('value' in part) return remade[path]!
    if (axis < 0) return part
    const longer = resizeAxis(part.tensor, axis, size + APPENDED)
    const isNew = (place: number[]): boolean => place[axis]! >= size
    return { tensor: isMask(bench, path) ? replaceElements(longer, isNew, () => 0) : longer }
  })
}

/** Whether an input is a mask. */
export function isMask(bench: Bench, path: string): boolean {
  const spec = bench.specs[path]
  return spec?.kind === 'tensor' && spec.mask
}

/** Outputs with one number for the whole batch, such as losses. */
export function isScalar(snapshot: Snapshot, path: string): boolean {
  const leaf = snapshot[path]
  return leaf !== undefined && 'tensor' in leaf && leaf.tensor.shape.length === 0
}
