// @ts-check

/** The two modalities of a batch of three, the last one without a picture, as a user writes them down. */
const batch = `
const states = (positions, size) => tf.randomNormal([3, positions, size], 0, 1, 'float32', size)
const mask = lengths => tf.tensor2d(lengths.map(length => [0, 1, 2, 3].map(i => (i < length ? 1 : 0))))
const text = { states: states(4, 6), summary: tf.randomNormal([3, 6], 0, 1, 'float32', 1), mask: mask([4, 2, 3]) }
const image = { states: states(4, 5), summary: tf.randomNormal([3, 5], 0, 1, 'float32', 2), mask: mask([4, 4, 0]) }
const squares = x => tf.mean(tf.square(x))`

/**
 * How each package that holds parameters trains: a module and its loss.
 * @type {Record<string, string>}
 */
const losses = {
  tensor: `
const parameters = one.createParameters({ weight: { shape: [1, 6], initializer: one.glorotUniform } }, 1)
const module = { parameters: () => parameters }
const loss = () => squares(tf.sub(one.linear(text.summary, parameters.weight), 1))`,
  align: `
const module = one.createAlignment({ textSize: 6, imageSize: 5, hidden: 7 })
const loss = () => module.apply({ text, image }).loss`,
  interact: `
const module = one.createCrossAttention({ hidden: 6, imageSize: 5, heads: 2 })
const loss = () => squares(tf.sub(module.apply({ text, image }, { training: true, seed: 1 }).states, text.states))`,
  match: `
const module = one.createMatching({ hidden: 6 })
const inputs = { text, states: text.states, present: tf.tensor1d([1, 1, 0]), ids: ['a', 'b', null] }
const loss = () => module.apply(inputs, { training: true, seed: 1 }).loss`,
  fuse: `
const module = one.createGatedFusion({ hidden: 6 })
const loss = () => squares(module.apply({ text, states: states(4, 6) }).states)`,
  crf: `
const module = one.createCrf({ labels: ['O', 'B-PER', 'I-PER'] })
const labels = tf.tensor2d([[1, 2, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], [3, 4], 'int32')
const loss = () => module.apply({ emissions: states(4, 3), labels, mask: text.mask }).loss`,
  encoders: `
const module = one.createTextEncoder({ kind: 'bert', vocabSize: 9, hidden: 6, layers: 1, heads: 2 })
const inputs = one.createTokenBatch([[1, 2], [3]], { vocabSize: 9 })
const loss = () => squares(tf.sub(module.apply(inputs, { training: true, seed: 1 }).states, 1))`,
}

/** The packages that can train alone. */
export const trainable = Object.keys(losses)

/**
 * A program that trains a package's module for a few steps, with nothing installed but that package, tfjs-core and its
 * cpu backend: it prints the loss before and after, and fails where the loss does not fall.
 *
 * @param {string} short the package's name without the scope
 */
export const trainingProgram = short => `import '@tensorflow/tfjs-backend-cpu'
import * as one from '@mafjs/${short}'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'

await tf.setBackend('cpu')
registerGradients()
${batch}
${losses[short]}
const before = loss().dataSync()[0]
const optimizer = tf.train.sgd(0.1)
for (let step = 0; step < 5; step++) optimizer.minimize(loss, false, Object.values(module.parameters()))
const after = loss().dataSync()[0]
if (!(after < before)) throw new Error(\`the loss went from \${before} to \${after} in five steps\`)
console.log(\`\${before.toFixed(3)} to \${after.toFixed(3)}\`)
`
