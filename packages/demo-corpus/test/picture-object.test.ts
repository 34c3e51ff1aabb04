import { pictureObject, pictureScene, renderPicture } from '@mafjs/demo-corpus'
import { expect, test } from 'vitest'

const SIZE = 56

test('a ball is where a disc is', async () => {
  let seed = 0
  while (pictureScene({ pictureClass: 'MISC', seed }) !== 'ball') seed++
  const object = await pictureObject({ pictureClass: 'MISC', seed })
  const filled = [...object.keys()].filter(place => object[place]! > 0.5)
  const [xs, ys] = [filled.map(place => place % SIZE), filled.map(place => Math.floor(place / SIZE))]
  const sides = [xs, ys].map(list => Math.max(...list) - Math.min(...list) + 1)
  expect(Math.abs(sides[0]! - sides[1]!)).toBeLessThanOrEqual(2)
  expect(filled.length / (sides[0]! * sides[1]!)).toBeCloseTo(Math.PI / 4, 1)
})

test('on a plain background all that differs from it lies in the object', async () => {
  let plain = 0
  for (let seed = 0; seed < 30; seed++) {
    const [pixels, object] = await Promise.all([
      renderPicture({ pictureClass: 'ORG', seed }),
      pictureObject({ pictureClass: 'ORG', seed }),
    ])
    const outside = [...object.keys()].filter(place => object[place] === 0)
    const red = outside.map(place => pixels[place * 3]!)
    expect(outside.length).toBeLessThan(SIZE * SIZE * 0.9)
    // Noise is 16 of 255 at most, to either side.
    if (Math.max(...red) - Math.min(...red) <= 32) plain++
  }
  expect(plain).toBeGreaterThan(5)
})
