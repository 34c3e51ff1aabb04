/** A picture or a map as PyTorch has it: channels, rows, columns. */
export type PlainMap = number[][][]

/** Reads one parameter by torchvision's name, row-major. */
export type ReadParameter = (name: string) => { data: ArrayLike<number>; shape: number[] }

const map = (
  channels: number,
  height: number,
  width: number,
  at: (c: number, y: number, x: number) => number,
) =>
  Array.from({ length: channels }, (_, c) =>
    Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => at(c, y, x))),
  )

const relu = (x: PlainMap): PlainMap => x.map(rows => rows.map(row => row.map(value => Math.max(0, value))))

/** A padded, strided convolution by its definition, OIHW. */
function convolution(x: PlainMap, read: ReadParameter, name: string, stride: number): PlainMap {
  const { data, shape } = read(`${name}.weight`)
  const [outSize, inSize, size] = shape as [number, number, number]
  const padding = (size - 1) / 2
  const outLength = (length: number) => Math.floor((length + 2 * padding - size) / stride) + 1
  return map(outSize, outLength(x[0]!.length), outLength(x[0]![0]!.length), (o, y, column) => {
    let sum = 0
    for (let i = 0; i < inSize; i++) {
      for (let dy = 0; dy < size; dy++) {
        for (let dx = 0; dx < size; dx++) {
          const value = x[i]![y * stride + dy - padding]?.[column * stride + dx - padding] ?? 0
          sum += value * data[((o * inSize + i) * size + dy) * size + dx]!
        }
      }
    }
    return sum
  })
}

/** Batch norm by its running statistics. */
function batchNorm(x: PlainMap, read: ReadParameter, name: string): PlainMap {
  const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    part => read(`${name}.${part}`).data,
  ) as [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>, ArrayLike<number>]
  return x.map((rows, c) =>
    rows.map(row =>
      row.map(value => ((value - mean[c]!) / Math.sqrt(variance[c]! + 1e-5)) * weight[c]! + bias[c]!),
    ),
  )
}

function maxPool(x: PlainMap): PlainMap {
  const half = (length: number) => Math.floor((length - 1) / 2) + 1
  const around = [-1, 0, 1]
  return map(x.length, half(x[0]!.length), half(x[0]![0]!.length), (c, y, column) =>
    Math.max(
      ...around.flatMap(dy =>
        around.map(dx => x[c]![2 * y + dy]?.[2 * column + dx] ?? Number.NEGATIVE_INFINITY),
      ),
    ),
  )
}

/** The last map of a ResNet by its definition, in double precision and without any library. */
export function plainResNet(
  picture: PlainMap,
  read: ReadParameter,
  layers: readonly number[],
  convolutions: 2 | 3,
) {
  let x = maxPool(relu(batchNorm(convolution(picture, read, 'conv1', 2), read, 'bn1')))
  for (const [stage, blocks] of layers.entries()) {
    for (let index = 0; index < blocks; index++) {
      const name = `layer${stage + 1}.${index}`
      const stride = stage > 0 && index === 0 ? 2 : 1
      let residual = x
      for (let i = 1; i <= convolutions; i++) {
        // The stride belongs to the first 3x3 convolution: the first of two, the second of three.
        const convolved = convolution(residual, read, `${name}.conv${i}`, i === convolutions - 1 ? stride : 1)
        const normalised = batchNorm(convolved, read, `${name}.bn${i}`)
        residual = i < convolutions ? relu(normalised) : normalised
      }
      const hasDownsample = stride > 1 || x.length !== residual.length
      const shortcut = hasDownsample
        ? batchNorm(convolution(x, read, `${name}.downsample.0`, stride), read, `${name}.downsample.1`)
        : x
      x = relu(
        residual.map((rows, c) => rows.map((row, y) => row.map((value, i) => value + shortcut[c]![y]![i]!))),
      )
    }
  }
  return x
}

/** Adaptive average pooling by its definition: `regions[c][i][j]`. */
export function plainAdaptivePool(x: PlainMap, grid: number): PlainMap {
  const [height, width] = [x[0]!.length, x[0]![0]!.length]
  const window = (length: number, i: number) => [
    Math.floor((i * length) / grid),
    Math.ceil(((i + 1) * length) / grid),
  ]
  return map(x.length, grid, grid, (c, i, j) => {
    const values = x[c]!.slice(...window(height, i)).flatMap(row => row.slice(...window(width, j)))
    return values.reduce((sum, value) => sum + value, 0) / values.length
  })
}
