import type { InferenceSession } from 'onnxruntime-common'
import { assertThreads, availableThreads } from './thread-count'

/** How ONNX Runtime runs a program. */
export interface SessionOptions {
  /** Threads that share the work of one operator, 256 at most. @default {@link availableThreads} */
  threads?: number | undefined
  /**
   * Whether idle threads wait in a loop, which is a little faster where the cores are free and many times slower where
   * others want them too.
   * @default false
   */
  spinning?: boolean | undefined
  /** Where it runs: `cpu`, `webgpu`, `cuda`, or another name ONNX Runtime knows. @default 'cpu' */
  executionProvider?: string | undefined
  /**
   * What becomes of the memory a run needed: `kept` for the next one, or `returned` after it, which is slower (a tenth to a
   * fifth of a training step) and leaves more to others.
   * @default 'kept'
   */
  memory?: 'kept' | 'returned' | undefined
  /** Writes a profile of every run beside files of this prefix. @default none */
  profile?: string | undefined
}

/** How ONNX Runtime runs a program, and where. */
export interface ThreadOptions extends SessionOptions {
  /**
   * Whether it runs in a thread of its own, which leaves this one free for other work; what goes in and comes out is copied
   * to it and back.
   * @default false
   */
  worker?: boolean | undefined
}

/**
 * ONNX Runtime's option for exact products of bytes on x64 processors whose fast kernels saturate: when a session is made,
 * weights that use the eighth bit become unsigned. It does so on every x64 processor, and unsigned weights take twice as long
 * where none saturates (VNNI): so it is for those alone that need it. Weights of 7 bits stay as they are.
 */
export const EXACT_BYTES = { 'session.x64quantprecision': '1' } as const

/** Passes of ONNX Runtime's optimiser that undo what was done before it on purpose. */
const UNWANTED = [
  // They move transpositions past slices, which then step over their last axis, six times as slow: the gradient of a
  // convolution with strides is made of such slices. Of what is recorded here they found none to remove.
  ...['TransposeOptimizer', 'TransposeOptimizer_CPUExecutionProvider'],
  // It takes back what `rewrite/orient-products.ts` did.
  'GemmTransposeFusion',
]

/**
 * Refuses options that cannot be.
 *
 * @throws InvalidArgumentError naming the option.
 */
export function assertSessionOptions({ threads }: SessionOptions): void {
  if (threads !== undefined) assertThreads(threads)
}

/**
 * The options as ONNX Runtime wants them.
 *
 * @param exactBytes whether products of bytes need {@link EXACT_BYTES} to be right here
 */
export function runtimeOptions(
  options: SessionOptions,
  { exactBytes }: { exactBytes: boolean },
): InferenceSession.SessionOptions {
  assertSessionOptions(options)
  const { threads = availableThreads(), spinning = false, executionProvider = 'cpu' } = options
  const { memory = 'kept', profile } = options
  return {
    executionProviders: [executionProvider],
    graphOptimizationLevel: 'all',
    enableCpuMemArena: memory === 'kept',
    // A plan of a run's memory, made in its first run, is a second block beside what that run has taken: training steps of
    // BERT-base took a third more memory with it, and a tenth more time.
    enableMemPattern: false,
    // Warnings of the optimiser say nothing to the user, and errors are thrown.
    logSeverityLevel: 4,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Without `set_denormal_as_zero`: it would set the processor's flag for this thread too, and in all JavaScript that it
    // runs from then on the smallest numbers would be 0.
    extra: {
      session: { intra_op: { allow_spinning: spinning ? '1' : '0' } },
      ...(exactBytes && EXACT_BYTES),
      optimization: { disable_specified_optimizers: UNWANTED.join(';') },
    },
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  }
}
