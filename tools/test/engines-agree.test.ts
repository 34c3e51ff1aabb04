import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildMaf } from '@mafjs/ner-maf'
import { expect, test } from 'vitest'
import { once, startComputer, type Values } from '../engine/computer'
import { publishedTensors } from '../golden/compare-model'
import { largestDeviation, largestValue } from '../golden/comparison'
import { readExpected } from '../golden/expected'
import { openTracked } from '../golden/golden-files'
import {
  type Batch,
  configOf,
  loadWeights,
  lossesOf,
  readBatch,
  trainingPass,
} from '../golden/published-model'

const FOLDER = fileURLToPath(new URL('../../packages/ner-maf/test/fixtures/golden/modelL', import.meta.url))
const read = (name: string) => openTracked(join(FOLDER, `${name}.safetensors`))

/** Every output, loss and gradient of the committed model, on one engine. */
async function computedOn(options: Parameters<typeof startComputer>[0]): Promise<Record<string, Values>> {
  const { computer } = await startComputer(options)
  const { hyper, ...expected } = readExpected(join(FOLDER, 'expected.json'))
  const batch = readBatch(read('inputs'))
  const model = buildMaf(configOf({ hyper, ...expected }, batch.image.summary.shape[1], hyper))
  loadWeights(model, read('weights'))
  const program = computer.program((inputs: Batch, options) => {
    const outputs = trainingPass(model, inputs, hyper, options)
    return { ...publishedTensors('train', outputs, read('expected')), ...lossesOf(outputs) }
  })
  const loss = computer.gradients(
    (inputs: Batch, options) => lossesOf(trainingPass(model, inputs, hyper, options)),
    model.parameters(),
  )
  const outputs = await once(program, batch)
  const { gradients } = await once(loss, batch)
  model.dispose()
  const named = Object.entries(gradients).map(([name, gradient]) => [`gradient of ${name}`, gradient])
  return { ...outputs, ...Object.fromEntries(named) }
}

/** Below this, a gradient is the rounding of one that is zero by the mathematics. */
const ROUNDING = 1e-6

test('both engines compute the committed model to 1e-5: outputs, losses, gradients', async () => {
  const eager = await computedOn({ backend: 'cpu' })
  const compiled = await computedOn({ engine: 'onnx', threads: 2 })
  expect(Object.keys(compiled).sort()).toEqual(Object.keys(eager).sort())
  expect(Object.keys(eager).length).toBeGreaterThan(80)
  const shares = Object.entries(eager).map(([name, { shape, values }]) => {
    expect(compiled[name]!.shape).toEqual(shape)
    const deviation = largestDeviation(compiled[name]!.values, values)
    const largest = largestValue(values)
    return { name, share: deviation / (largest < ROUNDING ? 1 : largest) }
  })
  expect(shares.filter(({ share }) => !(share < 1e-5))).toEqual([])
  // One that does not differ at all would be the same engine twice.
  expect(shares.some(({ share }) => share > 0)).toBe(true)
})
