import { expect, test } from 'vitest'
import { duplicates, REPEATED } from '../check-duplicates.mjs'

const lines = (count: number, name: string): string =>
  Array.from({ length: count }, (_, i) => `const ${name}${i} = ${i}`).join('\n')

test('12 equal lines in two places are found where they are, indented or apart, and once', () => {
  const shared = lines(REPEATED + 2, 'shared')
  const found = duplicates({
    'a.ts': `${lines(3, 'a')}\n${shared}`,
    'b.ts': `if (b) {\n  ${shared.replaceAll('\n', '\n\n  ')}\n}`,
  })
  expect(found).toEqual([{ places: 'a.ts:4 and b.ts:2', lines: REPEATED + 2 }])
})

test('one line less is none, and neither are lists of imports', () => {
  const shared = lines(REPEATED - 1, 'shared')
  expect(duplicates({ 'a.ts': shared, 'b.ts': shared })).toEqual([])
  const names = Array.from({ length: 20 }, (_, i) => `  name${i},`).join('\n')
  const imports = `import {\n${names}\n} from 'there'\nexport {\n${names}\n} from 'here'\n${shared}`
  expect(duplicates({ 'a.ts': imports, 'b.ts': imports })).toEqual([])
  const inPython = `import math\n${'from torch import nn\n'.repeat(12)}`
  expect(duplicates({ 'a.py': inPython, 'b.py': inPython })).toEqual([])
})

test('what stands twice in one file is found too', () => {
  const shared = lines(REPEATED, 'shared')
  expect(duplicates({ 'a.ts': `${shared}\nbetween\n${shared}` })).toHaveLength(1)
})
