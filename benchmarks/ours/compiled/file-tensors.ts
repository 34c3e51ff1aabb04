import type { HostTensor } from '@mafjs/compile'
import type { FileTensor } from '../../files/tensor-file'

/** What a compiled function gave, to be written. */
export const fileTensors = (results: Readonly<Record<string, HostTensor>>): Record<string, FileTensor> =>
  Object.fromEntries(
    Object.entries(results).map(([name, { data, shape }]) => [
      name,
      { shape: [...shape], values: data as Float32Array },
    ]),
  )
