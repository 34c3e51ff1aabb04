import { InvalidArgumentError } from '@mafjs/tensor'
import type { Arrays } from '../files/tensor-file'

/** Parts of the names of TensorFlow's BERT, and what `BertForMaskedLM` of transformers has in their place. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^module\//, ''],
  [/\/layer_(\d+)\//, '/layer/$1/'],
  [/\/gamma$/, '/weight'],
  [/\/beta$/, '/bias'],
  [/_embeddings$/, '_embeddings/weight'],
  [/\/kernel$/, '/weight'],
  [/\/output_bias$/, '/bias'],
  [/\//g, '.'],
]

/** The matrix `[inputs, outputs]` of TensorFlow as PyTorch's `[outputs, inputs]`. */
function transposed({ shape, data }: Arrays[string]): Arrays[string] {
  const [rows, columns] = shape as [number, number]
  const turned = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = data[row * columns + column]!
  }
  return { shape: [columns, rows], data: turned }
}

/**
 * The variables of a BERT that TensorFlow trained, under the names and in the layout of Hugging Face.
 *
 * @throws InvalidArgumentError for a variable that Hugging Face's BERT does not have.
 */
export function bertFromTensorFlow(variables: Arrays): Arrays {
  const named = Object.entries(variables).map(([variable, values]): [string, Arrays[string]] => {
    const name = NAMES.reduce((text, [theirs, ours]) => text.replace(theirs, ours), variable)
    if (/^(bert|cls)\..+\.(weight|bias)$/.test(name))
      return [name, variable.endsWith('/kernel') ? transposed(values) : values]
    throw new InvalidArgumentError({
      argument: variable,
      rule: 'must be a variable of a BERT with its head for masked words',
      received: `numbers of shape [${values.shape.join(', ')}]`,
      fix: 'Take the package that the table of encoders names.',
    })
  })
  return Object.fromEntries(named)
}
