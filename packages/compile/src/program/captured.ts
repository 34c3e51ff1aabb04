import type * as tf from '@tensorflow/tfjs-core'
import { type Numbers, numbersOf } from '../graph/element-types'
import { ownerOf } from '../record/onnx-backend'
import type { HostTensor } from '../session/session'
import type { Trace } from '../trace/trace'
import { leavesOf } from '../trace/tree'

/** Reads tensors of outside, each again only when it holds other data than before. */
export class CapturedReader {
  private readonly read = new Map<string, { dataId: tf.DataId; tensor: HostTensor }>()

  constructor(private readonly ports: Trace['variables']) {}

  /** Whether a variable was assigned since the last reading, or never read. */
  get isStale(): boolean {
    return this.ports.some(({ name, variable }) => this.read.get(name)?.dataId !== variable.dataId)
  }

  /** The numbers of all variables. */
  async values(): Promise<Record<string, HostTensor>> {
    for (const { name, value, variable } of this.ports) {
      const { dataId } = variable
      if (this.read.get(name)?.dataId === dataId) continue
      this.read.set(name, { dataId, tensor: await readData(dataId, value) })
    }
    return Object.fromEntries([...this.read].map(([name, { tensor }]) => [name, tensor]))
  }
}

/** The numbers of a tensor, wherever its backend has them. */
export async function readData(
  dataId: tf.DataId,
  { shape, type }: { shape: readonly number[]; type: HostTensor['type'] },
): Promise<HostTensor> {
  const data = (await ownerOf(dataId).read(dataId)) as Numbers
  return { data: numbersOf(type, data), shape, type }
}

/** The numbers of all tensors of a record, by path. */
export async function feedsOf(inputs: unknown): Promise<Record<string, HostTensor>> {
  const leaves = leavesOf(inputs)
  const read = await Promise.all(
    leaves.map(({ data, tensor, shape, dtype }) =>
      data ? { data, shape, type: dtype } : readData(tensor!.dataId, { shape, type: dtype }),
    ),
  )
  return Object.fromEntries(leaves.map(({ path }, i) => [path, read[i]!]))
}
