import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toTimmName } from '../../packages/encoders/src/checkpoint/efficientnet-names'
import { withFolder } from '../../tools/command'
import { bertFromTensorFlow } from '../encoders/bert-from-tensorflow'
import { checkDigest } from '../encoders/fetch-package'
import { timmEfficientNet } from '../encoders/make-encoder'
import { contradictions, deviation } from '../encoders/prove-encoder'

/** Numbers 0, 1, 2 ... in a shape. */
const counted = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((size, axis) => size * axis, 1) }, (_, i) => i),
})

describe('bertFromTensorFlow', () => {
  it('gives every variable the name and the layout that Hugging Face has', () => {
    const named = bertFromTensorFlow({
      'module/bert/embeddings/word_embeddings': counted(3, 2),
      'module/bert/embeddings/LayerNorm/gamma': counted(2),
      'module/bert/encoder/layer_11/attention/self/query/kernel': counted(2, 2),
      'module/bert/encoder/layer_0/intermediate/dense/kernel': counted(2, 3),
      'module/bert/encoder/layer_0/output/LayerNorm/beta': counted(2),
      'module/bert/pooler/dense/bias': counted(2),
      'module/cls/predictions/output_bias': counted(3),
      'module/cls/predictions/transform/dense/kernel': counted(2, 2),
    })
    expect(Object.keys(named)).toEqual([
      'bert.embeddings.word_embeddings.weight',
      'bert.embeddings.LayerNorm.weight',
      'bert.encoder.layer.11.attention.self.query.weight',
      'bert.encoder.layer.0.intermediate.dense.weight',
      'bert.encoder.layer.0.output.LayerNorm.bias',
      'bert.pooler.dense.bias',
      'cls.predictions.bias',
      'cls.predictions.transform.dense.weight',
    ])
    // What went from input i to output o lies in row o and column i now; tables stay as they are.
    expect(named['bert.encoder.layer.0.intermediate.dense.weight']).toEqual({
      shape: [3, 2],
      data: Float32Array.of(0, 3, 1, 4, 2, 5),
    })
    expect(named['bert.embeddings.word_embeddings.weight']).toEqual(counted(3, 2))
  })

  it('refuses a variable that is none of a BERT', () => {
    expect(() => bertFromTensorFlow({ global_step: counted(1) })).toThrow('global_step')
  })
})

describe('timmEfficientNet', () => {
  it("gives timm's names, the classifier's too", () => {
    const names = ['_conv_stem.weight', '_blocks.0._bn1.running_var', '_fc.bias']
    const named = timmEfficientNet(Object.fromEntries(names.map(name => [name, counted(2)])))
    const rename = toTimmName(0)
    expect(Object.keys(named)).toEqual([...names.slice(0, 2).map(rename), 'classifier.bias'])
    expect(named['blocks.0.0.bn1.running_var']).toBeDefined()
  })
})

describe('the proof of an encoder', () => {
  it('takes the largest difference of the places that count as a share of the largest value', () => {
    expect(deviation([1, 2, 9], [1, 4, 0], place => place < 2)).toBe(0.5)
    expect(deviation([Number.NaN, 1], [1, 1])).toBeNaN()
    expect(deviation([1], [1, 1])).toBe(Number.POSITIVE_INFINITY)
  })

  it('names words and cosines that are others', () => {
    const said = { masked: { 'a [MASK]': ['cat', 'dog'] }, cosines: { 'a b': 0.5 } }
    expect(contradictions(said, { masked: { 'a [MASK]': 'cat' }, cosines: { 'a b': 0.5004 } })).toEqual([])
    expect(contradictions(said, { masked: { 'a [MASK]': 'dog' }, cosines: { 'a b': 0.51 } })).toEqual([
      '"a [MASK]" must be completed by dog, not cat',
      'the cosine of a b must be 0.51, not 0.5',
    ])
  })
})

describe('checkDigest', () => {
  it('refuses another file', () =>
    withFolder('digest', async folder => {
      const file = join(folder, 'package')
      await writeFile(file, 'abc')
      // Of "abc", by FIPS 180-2.
      await checkDigest(file, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
      await expect(checkDigest(file, '00')).rejects.toThrow('must have the SHA-256 00')
    }))
})
