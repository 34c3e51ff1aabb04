import { choosePairs, type Features } from './features'
import { ridgeRegression } from './ridge'
import type { LearnScorer } from './score-pairs'

/** The linear baseline: how near a picture is, by its cosine, to the one that ridge regression predicts from the text. */
export const learnRidge =
  (penalty: number): LearnScorer =>
  async train => {
    const predict = ridgeRegression(train, penalty)
    return {
      async score(features, pairs) {
        const rows = Array.from({ length: features.text.shape[0] }, (_, row) => row)
        const { text, image } = predict(choosePairs(features, rows))
        return pairs.map(([one, other]) => cosine(rowOf(text, one), rowOf(image, other)))
      },
      async dispose() {},
    }
  }

const rowOf = ({ data, shape: [, size] }: Features, row: number): Float32Array =>
  data.subarray(row * size, (row + 1) * size)

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, ofA, ofB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!
    ofA += a[i]! * a[i]!
    ofB += b[i]! * b[i]!
  }
  return ofA > 0 && ofB > 0 ? product / Math.sqrt(ofA * ofB) : 0
}
