import { expect, test } from 'vitest'
import { asText, readJsonText } from '../src/json/read-json-text'

const nested = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`

test('what JSON.parse reads is read, brackets and escaped quotation marks within texts included', () => {
  const value = { 'a"[{\\': ['[[[', '\\\\"', { b: ']' }, 1e3, null], c: '\u{1f469}' }
  expect(readJsonText(JSON.stringify(value, null, 2))).toEqual(value)
  expect(readJsonText(JSON.stringify(Array(500).fill(['"', []])))).toHaveLength(500)
  expect(readJsonText(nested(128))).toEqual(JSON.parse(nested(128)))
  for (const broken of ['', '{', '"', '"\\', ']', '{"a" 1}'])
    expect(() => readJsonText(broken)).toThrow(SyntaxError)
})

test('what is deeper ends no stack, before it is parsed', () => {
  expect(() => readJsonText(nested(130))).toThrow(/more than 128 deep/)
  expect(() => readJsonText('['.repeat(1e6))).toThrow(/more than 128 deep/)
})

test('a name that stands twice in one object, where that may not be', () => {
  const strict = { repeatedNames: false }
  expect(readJsonText('{"a":1,"a":2}')).toEqual({ a: 2 })
  const names = '{"a":{"a":"a"},"b":[{"a":1},{"a":1}],"c":"a"}'
  expect(readJsonText(names, strict)).toEqual(JSON.parse(names))
  for (const twice of ['{"a":1,"a":2}', '{"a":1,"\\u0061"\n\t\r   :2}', '[{"b":{"a":[],"a":1}}]']) {
    expect(() => readJsonText(twice, strict)).toThrow(/the name "a" twice/)
  }
})

test('whatever stands in the place of a text is one', () => {
  const values = ['a', 5, null, [1, ['b']], { toString: 1, valueOf: null }, undefined]
  expect(values.map(asText)).toEqual([
    'a',
    '5',
    'null',
    '[1,["b"]]',
    '{"toString":1,"valueOf":null}',
    'undefined',
  ])
})
