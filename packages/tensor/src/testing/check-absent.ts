import { type Bench, type Mask, SEED } from './bench'
import { batchAxis, isScalar } from './check-masks'
import { differentiate } from './differentiate'
import { drawInputs, mapInputs, type PlainInputs, replaceElements } from './plain'
import { differences, notFinite } from './snapshot'
import type { Finding } from './subject'

/**
 * A mask row of zeros (this modality is absent): outputs and gradients stay finite, and what the absent modality
 * holds instead reaches neither another example nor, in training, a loss.
 */
export async function checkAbsent(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const mask of bench.masks) {
    const faults: string[] = []
    try {
      for (const rows of ['first', 'all'] as const) {
        const plain = withoutModality(bench, mask, rows)
        for (const training of [false, true]) {
          const broken = notFinite(await bench.apply(plain, { training, seed: SEED }))
          if (broken.length > 0) faults.push(`${broken.join(', ')} not finite where ${rows} absent`)
        }
        const { parameters, inputs } = await differentiate(bench, plain)
        const wild = Object.entries({ ...parameters, ...inputs }).filter(([, g]) => !g.every(Number.isFinite))
        if (wild.length > 0) faults.push(`gradient of ${wild.map(([name]) => name).join(', ')} not finite`)
      }
      faults.push(...(await influence(bench, mask)))
    } catch (error) {
      faults.push(`it throws ${error}`)
    }
    if (faults.length > 0) {
      findings.push({ check: 'absent-modality', subject: mask.path, message: faults.join('; ') })
    }
  }
  return findings
}

async function influence(bench: Bench, mask: Mask): Promise<string[]> {
  const plain = withoutModality(bench, mask, 'first')
  const other = drawInputs(bench.specs, bench.subject.dimensions, SEED + 2000)
  const garbage = mapInputs(plain, (path, part) => {
    const drawn = other[path]
    if (!mask.members.includes(path) || !('tensor' in part) || !drawn || !('tensor' in drawn)) return part
    const axis = bench.words[path]!.indexOf('batch')
    return {
      tensor: replaceElements(
        part.tensor,
        place => place[axis] === 0,
        i => drawn.tensor.data[i]!,
      ),
    }
  })
  const resting = differences(await bench.apply(plain), await bench.apply(garbage), {
    only: (_path, leaf) => 'tensor' in leaf,
    keep: (path, place) => batchAxis(bench, path) < 0 || place[batchAxis(bench, path)] !== 0,
  })
  const options = { training: true, seed: SEED }
  const before = await bench.apply(plain, options)
  const training = differences(before, await bench.apply(garbage, options), {
    only: path => isScalar(before, path),
  })
  return [...resting, ...training].map(change => `what an absent modality holds changes others: ${change}`)
}

function withoutModality(bench: Bench, mask: Mask, rows: 'first' | 'all'): PlainInputs {
  return mapInputs(bench.plain, (path, part) =>
    path === mask.path && 'tensor' in part
      ? {
          tensor: replaceElements(
            part.tensor,
            place => rows === 'all' || place[0] === 0,
            () => 0,
          ),
        }
      : part,
  )
}
