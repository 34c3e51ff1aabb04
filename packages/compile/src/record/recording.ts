import type { DataId } from '@tensorflow/tfjs-core'
import type { CompileError } from '../graph/compile-error'
import type { Value } from '../graph/value'

/** What the recording of a program has met so far. */
export interface Recording {
  /** Tensors of outside that the program reads, variables among them, by the data they had. */
  captured: Map<DataId, Value>
  /** Why it cannot become a program, though the function may have gone on. */
  refused?: CompileError
}
