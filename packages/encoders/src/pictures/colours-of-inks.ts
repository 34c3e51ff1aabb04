/** `a * b / 255`, rounded, as Pillow computes it. */
function share(a: number, b: number): number {
  const product = a * b + 128
  return ((product >> 8) + product) >> 8
}

/**
 * CMYK as RGB by Pillow's formula, which torchvision's networks were trained with: `(255 - K) * (255 - C) / 255`. A colour
 * profile would make black of full ink a dark brown.
 *
 * @param inks `[pixels, channels]`: cyan, magenta, yellow, black, and what is not read behind them; overwritten
 * @returns `[pixels, 3]`, in the memory of `inks`
 */
export function coloursOfInks(inks: Uint8Array, channels: number): Uint8Array {
  const pixels = inks.length / channels
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels
    const light = 255 - inks[from + 3]!
    for (let colour = 0; colour < 3; colour++) {
      inks[3 * pixel + colour] = light - share(inks[from + colour]!, light)
    }
  }
  return inks.subarray(0, 3 * pixels)
}
