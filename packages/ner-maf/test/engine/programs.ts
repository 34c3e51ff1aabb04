import type { HostArray } from '@mafjs/compile'
import type { ProgramOptions } from '@mafjs/compile/engine'
import * as tf from '@tensorflow/tfjs-core'
import type { Maf } from '../../src/model/maf'
import { createMafProgram, type MafProgram } from '../../src/task/maf-program'

/** A model kernel by kernel on the active tfjs backend. */
export const eagerProgram = (model: Maf): MafProgram =>
  createMafProgram(model, { name: 'tfjs', backend: tf.getBackend() })

/** A model compiled for ONNX Runtime, whatever the active backend is. */
export const compiledProgram = (model: Maf, options: ProgramOptions = {}): MafProgram =>
  createMafProgram(model, { name: 'onnx', session: { threads: 1 } }, options)

/** The numbers of an output. */
export const numbersOf = (output: HostArray | undefined): Float32Array => output!.data as Float32Array
