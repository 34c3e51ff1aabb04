import * as tf from '@tensorflow/tfjs-core'
import { type Bench, SEED } from './bench'
import { differentiate } from './differentiate'
import { outputLeaves } from './snapshot'
import type { Finding } from './subject'

/** `apply` keeps nothing but its outputs, also where it throws; its outputs are its own; `dispose` frees the rest. */
export async function checkLeaks(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  const report = (subject: string, message: string): void => {
    findings.push({ check: 'leaked-tensor', subject, message })
  }
  const count = (): number => tf.memory().numTensors
  await bench.withInputs(bench.plain, ({ inputs, tensors }) =>
    bench.use({}, module => {
      for (const training of [false, true]) {
        const before = count()
        const outputs = Object.values(outputLeaves(module.apply(inputs, { training, seed: SEED })))
        const made = new Set(outputs.filter(output => output instanceof tf.Tensor))
        const borrowed = [...Object.values(tensors), ...Object.values(module.parameters())].filter(tensor =>
          made.delete(tensor),
        )
        if (borrowed.length > 0)
          report('apply', 'gives back a tensor of the caller or a parameter as an output')
        tf.dispose([...made])
        const kept = count() - before
        if (kept !== 0) report('apply', `leaves ${kept} tensors beside its outputs (training: ${training})`)
      }
    }),
  )
  if (findings.length > 0) return findings
  const [first] = Object.entries(bench.words).filter(([, words]) => words.length > 0)
  if (first) {
    const { [first[0]]: _left, ...others } = bench.plain
    const before = count()
    await bench.apply(others).catch(() => undefined)
    if (count() !== before) report('apply', `leaves ${count() - before} tensors where it throws`)
  }
  const beforeGradients = count()
  await differentiate(bench, bench.plain)
  if (count() !== beforeGradients) report('gradients', `leave ${count() - beforeGradients} tensors`)
  const beforeCreate = count()
  bench.make().dispose()
  if (count() !== beforeCreate) report('dispose', `leaves ${count() - beforeCreate} tensors of the module`)
  return findings
}
