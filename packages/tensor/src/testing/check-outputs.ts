import { type Bench, SEED } from './bench'
import { mapInputs } from './plain'
import { notFinite } from './snapshot'
import type { Finding } from './subject'

/** Shapes, dtypes and finiteness of what an ordinary call gives, and that optional inputs are optional. */
export async function checkOutputs(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  const { dimensions } = bench.subject
  const snapshot = await bench.apply(bench.plain, { training: true, seed: SEED })
  for (const [path, { shape, dtype }] of Object.entries(bench.outputs)) {
    const leaf = snapshot[path]
    if (!leaf || !('tensor' in leaf)) {
      findings.push({ check: 'output-shape', subject: path, message: 'is declared, but no tensor came' })
      continue
    }
    const expected = shape.map(word => (typeof word === 'number' ? word : dimensions[word]))
    const received = leaf.tensor.shape
    if (expected.length !== received.length || expected.some((size, axis) => size !== received[axis])) {
      findings.push({
        check: 'output-shape',
        subject: path,
        message: `is [${received.join(', ')}] instead of [${shape.join(', ')}] = [${expected.join(', ')}]`,
      })
    }
    if (leaf.tensor.dtype !== dtype) {
      const message = `is ${leaf.tensor.dtype} instead of ${dtype}`
      findings.push({ check: 'dtype', subject: path, message })
    }
  }
  for (const [path, leaf] of Object.entries(snapshot)) {
    if ('tensor' in leaf && !bench.outputs[path]) {
      findings.push({ check: 'output-shape', subject: path, message: 'is a tensor that is not declared' })
    }
  }
  for (const path of notFinite(snapshot)) {
    findings.push({ check: 'apply', subject: path, message: 'holds NaN or infinity for ordinary inputs' })
  }
  for (const [path, spec] of Object.entries(bench.specs)) {
    if (spec.kind === 'tensor' && spec.optional) {
      const { [path]: _left, ...others } = bench.plain
      await bench.apply(others, { training: true, seed: SEED })
    }
  }
  return findings
}

/** A dtype that is not the declared one is refused, naming the input. */
export async function checkInputDtypes(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [path, spec] of Object.entries(bench.specs)) {
    if (spec.kind !== 'tensor') continue
    const dtype = spec.dtype === 'float32' ? ('int32' as const) : ('float32' as const)
    const plain = mapInputs(bench.plain, (other, part) =>
      other === path && 'tensor' in part ? { tensor: { ...part.tensor, dtype } } : part,
    )
    const fault = await refusal(bench, plain, [path])
    if (fault) findings.push({ check: 'dtype', subject: path, message: `of dtype ${dtype} ${fault}` })
  }
  return findings
}

/** Why a call that must be refused was not, or not well; undefined where the error is right. */
export async function refusal(
  bench: Bench,
  plain: Bench['plain'],
  names: readonly string[],
): Promise<string | undefined> {
  try {
    await bench.apply(plain, { training: true, seed: SEED })
    return 'was accepted'
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InvalidArgumentError') {
      return `threw ${error instanceof Error ? `${error.name}: ${error.message}` : error} instead of an InvalidArgumentError`
    }
    const argument = error.message.split(' ')[0]!.replace(/^inputs\./, '')
    return names.includes(argument) ? undefined : `gave an error that does not name it: ${error.message}`
  }
}
