/** What a file is made of. */
type Part = Uint8Array | string

/** A file made to cost its reader more than it costs its writer: what it is, what reads it and by which name, and its parts. */
export type Bomb = [what: string, kind: string, file: string, make: () => Iterable<Part>]

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const uint32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer)
const text = (value: string): Part[] => [bytes(0x58), uint32(value.length), value]

/** A file as torch wrote it before 1.6, whose value is made by a program. */
const torchFile = (...program: Part[]): Part[] => [
  bytes(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e),
  ...[bytes(0x80, 2, 0x4d, 0xe9, 0x03, 0x2e), bytes(0x80, 2, 0x7d, 0x2e)],
  ...[bytes(0x80, 2), ...program, bytes(0x2e)],
]

/** Two million tensors, of one function (memo 0) and one list of arguments (memo 1): a storage, and `rank` ones twice. */
function tensors(rank: number): Part[] {
  const ones = bytes(0x28, ...Array<number[]>(rank).fill([0x4b, 1]).flat(), 0x74)
  const storage = [bytes(0x28), ...text('storage'), 'ctorch\nFloatStorage\n', ...text('0'), ...text('cpu')]
  const items = Array.from({ length: 1000 }, (_, i) => [...text(`${i}`), bytes(0x68, 0, 0x68, 1, 0x52)])
  const block = Buffer.concat([bytes(0x28), ...items.flat().map(part => Buffer.from(part)), bytes(0x75)])
  return torchFile(
    ...[
      'ctorch._utils\n_rebuild_tensor_v2\n',
      bytes(0x71, 0, 0x30, 0x28),
      ...storage,
      bytes(0x4b, 4, 0x4e, 0x74, 0x51),
    ],
    ...[bytes(0x4b, 0), ones, ones, bytes(0x74, 0x71, 1, 0x30, 0x7d), ...Array<Part>(2000).fill(block)],
  )
}

function safetensors(header: string): Part[] {
  return [uint32(Buffer.byteLength(header)), uint32(0), header]
}

const many = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => part(i)).join()
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

const VOCAB = Object.fromEntries(
  ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'a', '##a'].map((token, id) => [token, id]),
)
const tokenizer = (field: object): string[] => {
  const model = { type: 'WordPiece', vocab: VOCAB, continuing_subword_prefix: '##', unk_token: '[UNK]' }
  return [JSON.stringify({ model, pre_tokenizer: { type: 'BertPreTokenizer' }, ...field })]
}
const charsmap = Buffer.concat([uint32(4), Buffer.alloc(1e6 + 4, 'a'), bytes(0)]).toString('base64')
const split = { type: 'Split', pattern: { Regex: '(a+)+$|(a|a)*b' }, behavior: 'Isolated', invert: false }
const BERT = {
  model_type: 'bert',
  vocab_size: 60,
  hidden_size: 16,
  num_attention_heads: 2,
  intermediate_size: 24,
}
const bert = (field: object): string[] => [JSON.stringify({ ...BERT, num_hidden_layers: 2, ...field })]
const LAUGHS = Array.from(
  { length: 9 },
  (_, i) => `a${i}: &a${i} [${i ? `*a${i - 1},`.repeat(9) : 'x'}]\n`,
).join('')
const EMPTY = '"dtype":"F32","shape":[0],"data_offsets":[0,0]'
const CONFIG = 'text-encoders/bert/config.json'

export const bombs: readonly Bomb[] = [
  ['17 million MEMOIZE', 'torch', 'a.pt', () => torchFile(bytes(0x4e), Buffer.alloc(17e6, 0x94))],
  ['2 million tensors of rank 64', 'torch', 'a.pt', () => tensors(64)],
  ['2 million tensors of rank 16', 'torch', 'a.pt', () => tensors(16)],
  ['an integer of 60 MB', 'torch', 'a.pt', () => torchFile(bytes(0x8b), uint32(6e7), Buffer.alloc(6e7, 7))],
  [
    'a million lists in each other',
    'torch',
    'a.pt',
    () => torchFile(Buffer.alloc(1e6, 0x5d), Buffer.alloc(1e6, 0x61)),
  ],
  [
    'a header of 170,000 tensors',
    'safetensors',
    'a.safetensors',
    () => safetensors(`{${many(170_000, i => `"${i}":{${EMPTY}}`)}}`),
  ],
  [
    'a header of 9 MB of brackets',
    'safetensors',
    'a.safetensors',
    () => safetensors(`{"a":${nested(4.5e6)}}`),
  ],
  [
    'a million files',
    'safetensors',
    'a.index.json',
    () => [`{"weight_map":{${many(1e6, i => `"${i}":"${i}"`)}}}`],
  ],
  [
    'an id of 2 ** 30',
    'tokenizer',
    'tokenizer.json',
    () => tokenizer({ added_tokens: [{ id: 2 ** 30, content: 'x' }] }),
  ],
  ['a Split that backtracks', 'tokenizer', 'tokenizer.json', () => tokenizer({ pre_tokenizer: split })],
  [
    'a charsmap entry of 1 MB',
    'tokenizer',
    'tokenizer.json',
    () => tokenizer({ normalizer: { type: 'Precompiled', precompiled_charsmap: charsmap } }),
  ],
  ['a million brackets', 'tokenizer', 'tokenizer.json', () => [nested(1e6)]],
  ['a million brackets', 'config', CONFIG, () => [`{"x":${nested(1e6)}}`]],
  ['4 billion layers', 'config', CONFIG, () => bert({ num_hidden_layers: 2 ** 32 })],
  ['2 ** 40 positions', 'config', CONFIG, () => bert({ max_position_embeddings: 2 ** 40 })],
  ['a billion laughs', 'yaml', 'run.yaml', () => [LAUGHS, 'data: *a8\n']],
  ['a hundred thousand brackets', 'yaml', 'run.yaml', () => ['data: ', nested(1e5)]],
  ['a million brackets', 'jsonl', 'posts.jsonl', () => ['{"tokens": ', nested(1e6), '}']],
  ['a million columns', 'conll', 'posts.txt', () => ['\ta'.repeat(1e6)]],
]
