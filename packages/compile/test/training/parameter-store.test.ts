import { expect, it } from 'vitest'
import { createParameterStore } from '../../src/training/parameter-store'

const specs = [
  { name: 'a', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  { name: 'none', shape: [0, 7] },
  { name: 'scalar', shape: [] },
  { name: 'b', shape: [4], values: Float32Array.of(7, 8, 9, 10) },
]

it('lays parameters into one array, each at a multiple of four, with views by name', () => {
  const store = createParameterStore(specs)
  expect(store.parameters.map(({ name, index, offset, size }) => [name, index, offset, size])).toEqual([
    ['a', 0, 0, 6],
    ['none', 1, 8, 0],
    ['scalar', 2, 8, 1],
    ['b', 3, 12, 4],
  ])
  expect([...store.values]).toEqual([1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 7, 8, 9, 10])
  store.get('scalar').values[0] = 11
  store.get('b').gradients.fill(12)
  expect(store.values[8]).toBe(11)
  expect([...store.gradients.subarray(11)]).toEqual([0, 12, 12, 12, 12])
  expect(() => store.get('c')).toThrow("name must be one of the store's 4 parameters. Received: c.")
})

it.each([
  [[{ name: 'a', shape: [2, -1] }], 'a must have a shape of whole numbers, 0 or more. Received: [2, -1].'],
  [
    [{ name: 'a', shape: [2], values: new Float32Array(3) }],
    'a must have 2 values, the product of its shape [2]. Received: 3.',
  ],
  [
    [
      { name: 'a', shape: [1] },
      { name: 'a', shape: [1] },
    ],
    'specs must give every name once. Received: more than one a.',
  ],
  [
    [{ name: 'a', shape: [2 ** 28] }],
    'specs must have at most 268431360 numbers together, which fill 4 GiB with their gradients and moments. ' +
      'Received: 268435456.',
  ],
])('refuses what does not fit: %o', (wrong, message) => {
  expect(() => createParameterStore(wrong)).toThrow(message)
})
