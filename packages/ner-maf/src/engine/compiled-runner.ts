import { type AxisNames, type Compiled, type CompileOptions, compile } from '@mafjs/compile'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { BatchArrays } from '../model/batch-arrays'
import { hasGate } from '../model/config'
import type { Maf, MafInputs } from '../model/maf'
import { createModelRunner, type ModelRunner, type RunnerOutputs } from './model-runner'

/** How a model is compiled. */
export type CompiledRunnerOptions = Omit<CompileOptions, 'dynamic'> & RunnerOutputs

type Axes = Record<string, AxisNames>

/** What a batch may have for pictures: each kind is a program of its own, without pictures one that reads none. */
const IMAGE_AXES = {
  none: {},
  pictures: { 'image.pixels': ['batch', null, null, null], 'image.present': ['batch'] },
  encodings: {
    'image.states': ['batch', null, null],
    'image.summary': ['batch', null],
    'image.mask': ['batch', null],
  },
} satisfies Record<string, Axes>

const imageKind = ({ image }: BatchArrays): keyof typeof IMAGE_AXES => {
  if (!image) return 'none'
  return 'pixels' in image ? 'pictures' : 'encodings'
}

/** Which axes of ids, masks and first pieces have any length. */
function textAxes({ padTo, steps }: Maf['config']): Axes {
  // A fixed length is one number in every batch: some parts of a model can then take no other.
  const tokens = padTo === 'longest' ? 'tokens' : null
  return {
    'text.ids': ['batch', tokens],
    'text.mask': ['batch', tokens],
    ...(steps === 'words' && { firstPieces: ['batch', 'words', tokens], wordMask: ['batch', 'words'] }),
  }
}

/**
 * Runs a model compiled for ONNX Runtime: one session for every number of posts and every length, which ends at the
 * emissions. It is made when the first batch comes, and again when a variable of the model was assigned, unless weights
 * are inputs.
 */
export function createCompiledRunner(
  model: Maf,
  { gates = false, ...options }: CompiledRunnerOptions = {},
): ModelRunner {
  const largest: Record<string, number> =
    model.config.padTo === 'longest' ? { tokens: model.parts.textEncoder.config.maxPositions } : {}
  const programs = new Map<string, Compiled<MafInputs, Record<string, Tensor>>>()
  const programFor = (batch: BatchArrays) => {
    const kind = imageKind(batch)
    const known = programs.get(kind)
    if (known) return known
    const axes: Axes = { ...textAxes(model.config), ...IMAGE_AXES[kind] }
    const program = compile(
      (inputs: MafInputs): Record<string, Tensor> => {
        const { emissions, matching, fusion } = model.apply(inputs)
        return {
          emissions,
          ...(matching && { match: matching.probability }),
          ...(gates && fusion && hasGate(model.config) && { gate: fusion.gate }),
        }
      },
      { ...options, dynamic: { axes, largest } },
    )
    programs.set(kind, program)
    return program
  }
  return createModelRunner({
    async infer({ labels: _, ...batch }) {
      const { emissions, match, gate } = await programFor(batch).run(batch as unknown as MafInputs)
      return {
        emissions: { data: emissions!.data as Float32Array, shape: [...emissions!.shape] },
        ...(match && { match: match.data as Float32Array }),
        ...(gate && { gate: { data: gate.data as Float32Array, shape: [...gate.shape] } }),
      }
    },
    async dispose() {
      await Promise.all([...programs.values()].map(program => program.dispose()))
    },
  })
}
