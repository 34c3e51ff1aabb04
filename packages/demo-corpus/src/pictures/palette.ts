import type { Draws } from '../draws'

/**
 * Colours of one picture. Every colour is drawn alike (any hue, any strength), and a fair coin says whether the ground is
 * dark and the figure light or the other way round. So a picture and its negative are equally likely, in every class:
 * the mean colour of every class is the same grey, and nothing linear in the mean colour can tell the classes apart.
 */
export interface Palette {
  /** A colour of the ground's side, dark or light. */
  ground(): string
  /** A colour of the other side, in clear contrast to the ground. */
  figure(): string
}

const lowestLightness = 0.1
const highestLightness = 0.36

/** Tosses the coin of a picture and draws its colours as they are asked for. */
export function createPalette(draws: Draws): Palette {
  const groundIsDark = draws.chance(0.5)
  const colour = (dark: boolean) => {
    const hue = draws.between(0, 360)
    const saturation = draws.between(15, 90)
    const lightness = draws.between(lowestLightness, highestLightness)
    const shown = 100 * (dark ? lightness : 1 - lightness)
    return `hsl(${hue.toFixed(1)},${saturation.toFixed(1)}%,${shown.toFixed(1)}%)`
  }
  return { ground: () => colour(groundIsDark), figure: () => colour(!groundIsDark) }
}
