import { expect, test } from 'vitest'
import { isSoftware } from '../../tools/engine/web-gpu'

test('an adapter in software is known', () => {
  const adapters = ['google swiftshader', 'mesa llvmpipe (LLVM 15)', 'nvidia hopper NVIDIA H200']
  expect(adapters.map(isSoftware)).toEqual([true, true, false])
})
