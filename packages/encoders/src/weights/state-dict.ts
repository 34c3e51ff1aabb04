import { type Refuse, shownValue } from './refusal'
import { TorchTensor } from './torch-tensor'

/**
 * The keys under which training scripts put the state dict among their other values, those that are evaluated first: of a
 * network and its running mean, or of a student and its teacher, the latter is the one.
 */
const WRAPPERS = [
  'state_dict_ema',
  'model_ema',
  'ema_state_dict',
  'ema',
  'teacher',
  'state_dict',
  'model_state_dict',
  'model',
  'module',
  'net',
  'network',
  'encoder',
  'backbone',
  'student',
]

/** Scripts wrap twice (`checkpoint['model']['state_dict']`); whoever wraps more often does it on purpose. */
const DEEPEST = 4

/** The named tensors of a checkpoint, and what was taken off around them: sentences for a person. */
export interface StateDict {
  tensors: [string, TorchTensor][]
  notes: string[]
}

const tensorsOf = (map: ReadonlyMap<unknown, unknown>): [string, TorchTensor][] =>
  [...map].filter(
    (entry): entry is [string, TorchTensor] =>
      typeof entry[0] === 'string' && entry[1] instanceof TorchTensor,
  )

/** The dictionary under one of the known keys, or under the only key that has named tensors. */
function unwrapped(
  map: ReadonlyMap<unknown, unknown>,
  depth: number,
): { key: string; inner: Map<unknown, unknown> } | undefined {
  const holds = (value: unknown): value is Map<unknown, unknown> =>
    value instanceof Map &&
    (tensorsOf(value).length > 0 || (depth < DEEPEST && unwrapped(value, depth + 1) !== undefined))
  const known = WRAPPERS.find(key => holds(map.get(key)))
  if (known !== undefined) return { key: known, inner: map.get(known) as Map<unknown, unknown> }
  if (tensorsOf(map).length > 0) return undefined
  const others = [...map].filter(([key, value]) => typeof key === 'string' && holds(value))
  const [key, inner] = others.length === 1 ? others[0]! : []
  return key === undefined ? undefined : { key: key as string, inner: inner as Map<unknown, unknown> }
}

/**
 * The named tensors of an unpickled checkpoint, without the dictionaries around them. Values that are no tensors (epoch,
 * accuracy ...) are left out.
 *
 * @throws InvalidArgumentError for a value that is no dictionary, or holds no tensor.
 */
export function stateDict(value: unknown, refuse: Refuse): StateDict {
  if (!(value instanceof Map)) {
    return refuse('must hold a dictionary of tensors', typeof value, 'Save model.state_dict().')
  }
  let map: Map<unknown, unknown> = value
  const notes: string[] = []
  for (let depth = 0; depth <= DEEPEST; depth++) {
    const found = unwrapped(map, depth)
    if (!found) break
    const rivals = WRAPPERS.filter(key => key !== found.key && map.get(key) instanceof Map)
    const beside =
      rivals.length > 0 ? `; ${rivals.map(key => `"${key}"`).join(', ')} beside it is not read` : ''
    notes.push(`The tensors are those under "${shownValue(found.key)}"${beside}.`)
    map = found.inner
  }
  const tensors = tensorsOf(map)
  if (tensors.length === 0) {
    const keys = [...value.keys()].slice(0, 10).map(shownValue)
    refuse(
      `must hold named tensors, at the top or under one of ${WRAPPERS.join(', ')}`,
      `a dictionary of ${keys.join(', ') || 'nothing'}`,
      'Save model.state_dict().',
    )
  }
  return { tensors, notes }
}
