import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from '@mafjs/tensor'
import { describe, expect, it } from 'vitest'
import { refusalOf } from '../../src/weights/refusal'
import { readTorchLegacy } from '../../src/weights/torch-legacy'
import { readTorchZip } from '../../src/weights/torch-zip'
import { global, legacyFile, type Pickled, tensor } from './pickle-writer'

const read = (file: Uint8Array) => readTorchLegacy(file, refusalOf('weights.pt')).weights
const dictionary = (entries: Record<string, Pickled>) => new Map(Object.entries(entries))
const values = (file: Uint8Array) =>
  Object.fromEntries(Object.entries(read(file)).map(([name, weight]) => [name, [...weight.values()]]))
const repeat = (count: number, ...bytes: number[]): Pickled => ({
  raw: Array.from({ length: count * bytes.length }, (_, i) => bytes[i % bytes.length]!),
})

describe('what is read', () => {
  it('an OrderedDict of Python 2, made of a list of pairs', () => {
    const pairs: Pickled = { call: [global('collections', 'OrderedDict'), [[['weight', tensor()]]]] }
    expect(values(legacyFile(pairs))).toEqual({ weight: [1, 2, 3, 4] })
  })

  it('a storage that is a view, as torch wrote before 0.4', () => {
    const part = tensor({ shape: [2], offset: 1, view: ['0v', 1, 3] })
    expect(values(legacyFile(dictionary({ part })))).toEqual({ part: [3, 4] })
  })

  const notesOf = (value: Pickled) => readTorchLegacy(legacyFile(value), refusalOf('weights.pt')).notes

  it.each(['state_dict', 'model_state_dict', 'model', 'module', 'net', 'teacher', 'ema', 'whatever'])(
    'a wrapper called %s, and says so',
    wrapper => {
      const value = dictionary({ epoch: 3, [wrapper]: dictionary({ weight: tensor() }) })
      expect(values(legacyFile(value))).toEqual({ weight: [1, 2, 3, 4] })
      expect(notesOf(value)).toEqual([`The tensors are those under "${wrapper}".`])
    },
  )

  it('of a student and its teacher the teacher, of two wrappers the inner one, of unknown ones none', () => {
    const [own, other] = [dictionary({ weight: tensor() }), dictionary({ other: tensor() })]
    const both = dictionary({ student: other, teacher: own, optimizer: other })
    expect(values(legacyFile(both))).toEqual({ weight: [1, 2, 3, 4] })
    expect(notesOf(both)).toEqual(['The tensors are those under "teacher"; "student" beside it is not read.'])
    expect(values(legacyFile(dictionary({ model: dictionary({ state_dict: own }) })))).toEqual({
      weight: [1, 2, 3, 4],
    })
    expect(() => read(legacyFile(dictionary({ first: own, second: other })))).toThrow(
      'a dictionary of first, second',
    )
  })

  it('beside them what training leaves: scalars of numpy, a Namespace, paths, made by nobody', () => {
    const scalar: Pickled = {
      call: [global('numpy._core.multiarray', 'scalar'), [{ call: [global('numpy', 'dtype'), ['f8']] }, 'x']],
    }
    // NEWOBJ, then BUILD with its attributes.
    const text = [...Buffer.from('cargparse\nNamespace\n')]
    const namespace: Pickled = {
      raw: [...text, 0x29, 0x81, 0x7d, 0x58, 2, 0, 0, 0, 108, 114, 0x4b, 1, 0x73, 0x62],
    }
    const path: Pickled = { call: [global('pathlib', 'PosixPath'), ['/', 'etc']] }
    const history: Pickled = { call: [global('collections', 'defaultdict'), [global('builtins', 'list')]] }
    const model = dictionary({ weight: tensor() })
    const value = dictionary({ best: scalar, args: namespace, path, history, model })
    expect(values(legacyFile(value))).toEqual({ weight: [1, 2, 3, 4] })
    const made: Pickled = { call: [global('builtins', 'list'), []] }
    expect(() => read(legacyFile(dictionary({ made, model })))).toThrow('builtins.list')
  })

  it('the type of a tensor that torch writes as a view of bytes', () => {
    const storage: Pickled = {
      storage: ['storage', global('torch.storage', 'UntypedStorage'), '0', 'cpu', 4, null],
    }
    const eight: Pickled = {
      call: [
        global('torch._utils', '_rebuild_tensor_v3'),
        [storage, 1, [3], [1], null, null, global('torch', 'float8_e5m2')],
      ],
    }
    expect(read(legacyFile(dictionary({ eight })))['eight']).toMatchObject({ dtype: 'F8_E5M2', shape: [3] })
  })

  it('no name is special', () => {
    const weights = read(legacyFile(dictionary({ __proto__x: tensor(), constructor: tensor() })))
    expect(Object.keys(weights)).toEqual(['__proto__x', 'constructor'])
    const own = read(legacyFile(new Map([['__proto__', tensor()]])))
    expect(Object.keys(own)).toEqual(['__proto__'])
  })
})

describe('what is refused', () => {
  const weight = tensor()
  it.each<[string, Pickled, string]>([
    ['a call of eval', { call: [global('builtins', 'eval'), ['1']] }, 'the global builtins.eval'],
    ['an unknown storage', tensor({ type: global('torch', 'hub') }), 'the global torch.hub'],
    ['an inherited name', global('torch', 'constructor'), 'the global torch.constructor'],
    ['a global by its parts on the stack', { raw: [0x8c, 1, 97, 0x8c, 1, 98, 0x93] }, 'the global a.b'],
    ['an instance by INST', { raw: [0x28, 0x69, 111, 115, 10, 120, 10] }, 'the global os.x'],
    [
      'a storage type that is called',
      { call: [global('torch', 'FloatStorage'), []] },
      'call of torch.FloatStorage',
    ],
    ['an extension code', { raw: [0x82, 1] }, 'opcode 0x82'],
    ['attributes of a list', { raw: [0x5d, 0x7d, 0x62] }, 'must set attributes of dictionaries only'],
    ['an empty stack', { raw: [0x30] }, 'empty stack'],
    ['a stack taken below its mark', { raw: [0x4e, 0x4e, 0x28, 0x30] }, 'empty stack'],
    ['a missing mark', { raw: [0x74] }, 'must set a mark'],
    ['an unknown memo', { raw: [0x68, 9] }, 'memo 9'],
    ['a key without a value', { raw: [0x7d, 0x28, 0x4e, 0x75] }, 'a value for every key'],
    ['a name without an end', { raw: [0x63, ...Array(2000).fill(97)] }, 'line feed'],
    ['a string of 4 GB', { raw: [0x58, 255, 255, 255, 255] }, 'in the middle of a value'],
    ['a foreign persistent id', { storage: ['module', 1] }, 'must refer to storages as torch does'],
    ['an endless storage', dictionary({ w: tensor({ count: 2 ** 50 }) }), '1125899906842624 elements'],
    ['a tensor past its storage', dictionary({ w: tensor({ offset: 1 }) }), 'inside its storage'],
    ['a tensor before its storage', tensor({ strides: [-1] }), 'must describe tensors'],
    ['a tensor expanded without end', tensor({ shape: [2 ** 40], strides: [0] }), 'inside its storage'],
    [
      'a shape whose size overflows',
      tensor({ shape: [2 ** 52, 2 ** 52], strides: [0, 0] }),
      'inside its storage',
    ],
    ['a tensor that is not in a dictionary', weight, 'must hold a dictionary'],
    ['a dictionary without tensors', dictionary({ epoch: 3, optimizer: dictionary({}) }), 'epoch, optimizer'],
    ['a million marks', repeat(2 ** 20 + 1, 0x28), 'open marks'],
    ['a million open values', repeat(2 ** 20 + 1, 0x4e), 'open values'],
    ['endless containers', repeat(2 ** 18 + 1, 0x7d, 0x30), 'endless containers'],
    ['endless memory', { raw: [0x4e, ...Array(2 ** 20 + 1).fill(0x94)] }, 'remember values without end'],
    ['an integer without end', { raw: [0x8b, 1, 4, 0, 0, ...Array(1025).fill(7)] }, 'at most 1024 bytes'],
    [
      'a tensor of rank 17',
      tensor({ shape: Array(17).fill(1), strides: Array(17).fill(1) }),
      'must describe tensors',
    ],
    [
      'one list copied again and again',
      // 1,000 pairs once, then 200 ordered dictionaries of them: 7 bytes each
      {
        raw: [
          ...[0x5d, 0x71, 0, 0x28, ...Array(1000).fill([0x4e, 0x4e, 0x86]).flat(), 0x65, 0x30],
          ...[0x63, ...Buffer.from('collections\nOrderedDict\n'), 0x71, 1, 0x30],
          ...Array(200).fill([0x68, 1, 0x68, 0, 0x85, 0x52, 0x30]).flat(),
        ],
      },
      'again and again',
    ],
  ])('%s', (_, value, message) => {
    expect(() => read(legacyFile(value))).toThrow(InvalidArgumentError)
    expect(() => read(legacyFile(value))).toThrow(message)
  })

  // A pair of itself, sixty times over: 2^60 atoms to whoever writes it out, in a dictionary's key and elsewhere.
  const nest = [0x4b, 1, ...Array(60).fill([0x32, 0x86]).flat()]
  it.each<[string, number[], string]>([
    ['as a key', [0x7d, ...nest, 0x4e, 0x73], 'a dictionary of a value of type object'],
    ['as the module of a global', [...nest, 0x8c, 1, 97, 0x93], 'the global a value of type object.a'],
    ['as a persistent id', [...nest, 0x85, 0x51], 'the persistent id a value of type object'],
  ])('a value that explodes when it is shown, %s', (_, raw, message) => {
    expect(() => read(legacyFile({ raw }))).toThrow(message)
  })

  it('a storage list that the tensors do not use, or lack', () => {
    expect(() => read(legacyFile(dictionary({ weight }), { 0: [1, 2, 3, 4], 1: [1] }))).toThrow(
      'only storages',
    )
    expect(() => read(legacyFile(dictionary({ weight }), {}))).toThrow('must hold the storage of "weight"')
    expect(() => read(legacyFile(dictionary({ weight }), { 0: [1, 2] }))).toThrow('2 elements')
  })

  it('a big-endian machine', () => {
    const file = legacyFile(dictionary({ weight }))
    const flag = Buffer.from(file).indexOf('little_endian') + 'little_endian'.length
    expect(file[flag]).toBe(0x88)
    file[flag] = 0x89
    expect(() => read(file)).toThrow('must be little-endian')
  })

  it('a pickle of anything else', () => {
    expect(() => read(Uint8Array.from([0x80, 2, 0x4b, 1, 0x2e]))).toThrow('another pickle')
  })
})

describe('damage gives an InvalidArgumentError and nothing else', () => {
  const readers = { 'mixed-legacy.pt': readTorchLegacy, 'mixed.pt': readTorchZip }
  for (const [name, reader] of Object.entries(readers)) {
    const file = Uint8Array.from(readFileSync(new URL(`fixtures/${name}`, import.meta.url)))
    const outcome = (bytes: Uint8Array): unknown => {
      try {
        for (const weight of Object.values(reader(bytes, refusalOf(name)).weights)) weight.values()
        return 'read'
      } catch (error) {
        return error
      }
    }

    it(`${name} cut off at every byte`, () => {
      for (let length = 0; length < file.length; length++) {
        expect(outcome(file.subarray(0, length)), `cut at ${length}`).toBeInstanceOf(InvalidArgumentError)
      }
    })

    it(`${name} with every byte changed`, () => {
      for (let position = 0; position < file.length; position++) {
        const damaged = file.slice()
        damaged[position]! ^= 1 + (position % 255)
        const result = outcome(damaged)
        if (result !== 'read') expect(result, `byte ${position}`).toBeInstanceOf(InvalidArgumentError)
      }
    })
  }
})

describe('an archive', () => {
  /** Empty entries that all lie in the same place, each under a name of its own. */
  function archive(count: number, method: number, prefix = ''): Uint8Array {
    const local = Buffer.alloc(38)
    local.writeUInt32LE(0x04034b50)
    const entries = Array.from({ length: count }, (_, i) => {
      const entry = Buffer.alloc(54)
      entry.writeUInt32LE(0x02014b50)
      entry.writeUInt16LE(method, 10)
      entry.writeUInt16LE(8, 28)
      entry.write(prefix + i, 46)
      return entry
    })
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50)
    end.writeUInt32LE(count * 54, 12)
    end.writeUInt32LE(local.length, 16)
    return Buffer.concat([local, ...entries, end])
  }
  const readArchive = (count: number, method: number, prefix?: string) => () =>
    readTorchZip(archive(count, method, prefix), refusalOf('weights.pt'))

  it('is not unpacked, and has no entries without end', () => {
    expect(readArchive(2, 0)).toThrow('a zip with 0 data.pkl')
    expect(readArchive(2, 8)).toThrow('must store its entries as torch does')
    expect(readArchive(2, 8, 'm/code/')).toThrow('a TorchScript module')
    expect(readArchive(2 ** 17 + 1, 0)).toThrow('must not have entries without end. Received: 131072')
  })
})
