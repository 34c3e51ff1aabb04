import type { QuantizedGraph, WeightTrial } from '@mafjs/compile'
import { markdownTable, percent, points } from '@mafjs/evaluate'

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

/** The report as a table for people, in Markdown. */
export function formatQuantization(report: QuantizationReport): string {
  const { validation, accuracy, speed, size, quantized, calibration, machine } = report
  const row = (name: string, float: number, int8: number): string[] => [
    ...[name, float.toFixed(2), int8.toFixed(2)],
    `${(float / int8).toFixed(2)} times less`,
  ]
  const [f1, f1Int8] = [percent(accuracy.float), percent(accuracy.int8)]
  const rows = [
    ['F1 (strict), %', f1, f1Int8, `${points(-accuracy.lost / 100)} points`],
    ...speed.map(({ batch, float, int8 }) => row(`ms per post, ${batch} at once`, float, int8)),
    row('size, MB', size.float / 1e6, size.int8 / 1e6),
  ]
  const { products, convolutions, tables } = quantized
  return [
    markdownTable(['', 'float', 'int8', 'int8 against float'], rows),
    '',
    `measured on ${validation.file}, posts: ${validation.posts}, with a picture: ${validation.withPicture}, ` +
      `entities: ${validation.entities}; ${percent(accuracy.sameLabels)} % of the words keep their label`,
    `int8: matrix products ${products}, tables ${tables}, convolutions ${convolutions}` +
      (convolutions > 0 ? `, with ranges from pictures: ${calibration}` : ''),
    weightsLine(report),
    ...(report.zeroPointTimes ? [zeroPointLine(report.zeroPointTimes, report.weightZeroPoint)] : []),
    `on ${machine.processor}, threads: ${machine.threads}; products with 8-bit weights ` +
      (machine.saturates ? 'saturate there without the option' : 'are exact there'),
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
