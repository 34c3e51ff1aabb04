import type { QuantizedGraph, WeightTrial } from '@mafjs/compile'

/** What one batch size costs, milliseconds per post. */
export interface SpeedRow {
  /** Posts of a batch. */
  batch: number
  /** Posts that were timed. */
  posts: number
  float: number
  int8: number
}

/** What quantising cost and won: `report.json` of an exported model. */
export interface QuantizationReport {
  /** What the accuracy was measured on. */
  validation: { file: string; posts: number; withPicture: number; entities: number }
  /** Strict micro F1, from 0 to 1. */
  accuracy: {
    float: number
    int8: number
    /** Points of a hundred; below 0 where int8 is the better. */
    lost: number
    /** Share of the words with the same label. */
    sameLabels: number
  }
  /** Medians. */
  speed: SpeedRow[]
  /** Bytes of the written model. */
  size: { float: number; int8: number }
  /** How many operators became int8. */
  quantized: QuantizedGraph['counts']
  /** How many weights of products and convolutions are written in each type. */
  weights: QuantizedGraph['weights']
  /** What was scored to choose them; nothing where all 8 bits were asked for. */
  trials: WeightTrial[]
  /** Posts with pictures that the ranges of the image encoder's maps were taken from. */
  calibration: number
  weightZeroPoint: 0 | 1
  /** Milliseconds of the image encoder with the zero of its weights written either way. */
  zeroPointTimes?: QuantizedGraph['zeroPointTimes']
  /** Where the speed was measured, and whether products with 8-bit weights saturate there, as a probe found. */
  machine: { processor: string; threads: number; saturates: boolean }
}

const percent = (share: number): string => (100 * share).toFixed(2)
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** The report as a table for people. */
export function formatQuantization(report: QuantizationReport): string {
  const { validation, accuracy, speed, size, quantized, calibration, weightZeroPoint, zeroPointTimes } =
    report
  const { processor, threads, saturates } = report.machine
  const rows: [string, string, string, string][] = [
    ['', 'float', 'int8', ''],
    [
      'F1 (strict), %',
      percent(accuracy.float),
      percent(accuracy.int8),
      `${accuracy.lost < 0 ? 'won' : 'lost'} ${Math.abs(accuracy.lost).toFixed(2)}`,
    ],
    ...speed.map(({ batch, float, int8 }): [string, string, string, string] => [
      `ms per post, ${batch} at once`,
      float.toFixed(2),
      int8.toFixed(2),
      `${(float / int8).toFixed(2)} times as fast`,
    ]),
    [
      'size, MB',
      megabytes(size.float),
      megabytes(size.int8),
      `${(size.float / size.int8).toFixed(2)} times smaller`,
    ],
  ]
  const table = rows.map(([name, float, int8, note]) =>
    `${name.padEnd(26)}${float.padStart(10)}${int8.padStart(10)}  ${note}`.trimEnd(),
  )
  const { products, convolutions, tables } = quantized
  return [
    ...table,
    '',
    `measured on ${counted(validation.posts, 'post')} of ${validation.file}, ${validation.withPicture} with a picture, ` +
      `${counted(validation.entities, 'entity', 'entities')}; ${percent(accuracy.sameLabels)} % of the words keep their label`,
    `int8: ${counted(products, 'matrix product')}, ${counted(tables, 'table')}` +
      (convolutions > 0
        ? `, ${counted(convolutions, 'convolution')} with ranges from ${counted(calibration, 'picture')}`
        : ''),
    weightsLine(report),
    ...(zeroPointTimes ? [zeroPointLine(zeroPointTimes, weightZeroPoint)] : []),
    `measured on ${processor}, threads: ${threads}; products with 8-bit weights ${saturates ? 'saturate there without the option' : 'are exact there'}`,
  ].join('\n')
}

/** What the weights are written in, and why. */
function weightsLine({ weights: { int7, uint8, int8 }, trials }: QuantizationReport): string {
  if (int8 > 0) {
    return `weights: ${int8} of 8 bits; x64 processors without VNNI need ONNX Runtime's option session.x64quantprecision=1 for them`
  }
  const trial = ({ unsigned, f1 }: WeightTrial): string => `${percent(f1)} with ${unsigned}`
  if (uint8 === 0) return `weights: ${int7} of 7 bits, right on every processor and in every runtime`
  return (
    `weights: ${int7} of 7 bits, ${uint8} unsigned (slower), right on every processor and in every runtime; ` +
    `F1 by unsigned weights: ${trials.map(trial).join(', ')}`
  )
}

function zeroPointLine(
  { zero, one }: NonNullable<QuantizationReport['zeroPointTimes']>,
  chosen: 0 | 1,
): string {
  const list = (times: readonly number[]): string => times.map(time => time.toFixed(1)).join(' and ')
  return `image encoder, ms: ${list(zero)} with weight zero point 0, ${list(one)} with 1; taken: ${chosen}`
}
