import { expect, test } from 'vitest'
import { gatherBytes } from '../src/reading/gather-bytes'

test('bytes that come one by one take few pieces and are the same bytes, and so do large ones among them', () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251)
  for (const sizes of [[1], [1, 5000, 3], [1023, 1024], [300_000]]) {
    const gathered = gatherBytes()
    for (let start = 0, turn = 0; start < bytes.length; turn++) {
      const end = Math.min(bytes.length, start + sizes[turn % sizes.length]!)
      gathered.add(bytes.subarray(start, end))
      start = end
    }
    gathered.add(bytes.subarray(0, 0))
    expect(gathered.length).toBe(bytes.length)
    // Of single bytes a block for each 64 KiB, beside those that grow.
    if (sizes.length === 1) expect(gathered.pieces).toBeLessThan(20)
    expect(Buffer.from(gathered.take()).equals(bytes)).toBe(true)
    expect([gathered.length, gathered.take().length]).toEqual([0, 0])
  }
})
