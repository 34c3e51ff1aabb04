import { openTensorFile } from '../files/tensor-file'

/** A gradient far below the largest one (a key's bias has none at all) is only noise. */
const NOISE = 1e-4

/** Where one file of tensors is furthest from another, as a share of the tensor's largest number. */
export function farthest(path: string, reference: string): { name: string; share: number } {
  const [file, other] = [openTensorFile(path), openTensorFile(reference)]
  try {
    const rows = other.names.map(name => {
      const [values, exact] = [file.read(name).values, other.read(name).values]
      let [most, size] = [values.length === exact.length ? 0 : Number.POSITIVE_INFINITY, Number.MIN_VALUE]
      for (let i = 0; i < exact.length; i++) {
        const off = Math.abs(values[i]! - exact[i]!)
        if (!(off <= most)) most = Number.isNaN(off) ? Number.POSITIVE_INFINITY : off
        size = Math.max(size, Math.abs(exact[i]!))
      }
      return { name, most, size, isGradient: name.startsWith('gradients/') }
    })
    const floor = NOISE * Math.max(...rows.map(({ size, isGradient }) => (isGradient ? size : 0)))
    const shares = rows.map(({ name, most, size, isGradient }) => ({
      name,
      share: most / (isGradient ? Math.max(size, floor) : size),
    }))
    return shares.reduce((worst, one) => (one.share > worst.share ? one : worst))
  } finally {
    file.close()
    other.close()
  }
}
