/** Markers of a JPEG without a length behind them: fillings, restarts, its beginning. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)

/** Whether a marker begins a frame; between them are tables and what is reserved. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

const SCAN = 0xda

/**
 * Whether a JPEG comes in several scans, as progressive ones do, so that the coefficients of all of it are kept until the last.
 * A header that cannot be followed counts as one that does.
 */
export function hasScans(jpeg: Uint8Array): boolean {
  let isProgressive = false
  let components = 0
  for (let at = 2; at + 4 <= jpeg.byteLength; ) {
    // Stray bytes and fillings are passed over, as the decoder does.
    if (jpeg[at] !== 0xff || jpeg[at + 1] === 0xff || jpeg[at + 1] === 0) {
      at += 1
      continue
    }
    const marker = jpeg[at + 1]!
    if (isBare(marker)) {
      at += 2
      continue
    }
    if (marker === SCAN) return isProgressive || jpeg[at + 4]! < components
    if (isFrame(marker)) {
      isProgressive = marker !== 0xc0 && marker !== 0xc1
      components = jpeg[at + 9] ?? 0
    }
    at += 2 + jpeg[at + 2]! * 256 + jpeg[at + 3]!
  }
  return true
}
