import type { Draws } from '../draws'
import type { DemoType } from '../entity-types'
import type { Palette } from './palette'
import { bust, pair, portrait } from './people'
import { house, mountains, skyline, street } from './places'
import { badge, box, mark, plate } from './signs'
import { ball, bird, cat, dog, fish, mug } from './things'

/** What one scene of a class draws: the inside of an SVG on a canvas of 56 x 56 units, on any background. */
export type Scene = (draws: Draws, palette: Palette) => string

/** The scenes of every class by name; a picture draws one of them, each equally likely. */
export const scenes: Record<DemoType, Record<string, Scene>> = {
  PER: { portrait, bust, pair },
  LOC: { skyline, house, mountains, street },
  ORG: { badge, plate, mark, box },
  MISC: { cat, dog, bird, fish, mug, ball },
}
