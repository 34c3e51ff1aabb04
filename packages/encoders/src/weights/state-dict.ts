import { type Refuse, shownValue } from './refusal'
import { TorchTensor } from './torch-tensor'

/** The keys under which training scripts put the state dict among their other values. */
const WRAPPERS = ['state_dict', 'model_state_dict', 'model']
/** `DataParallel` puts this before every name. */
const PARALLEL_PREFIX = 'module.'

/**
 * The named tensors of an unpickled checkpoint: one wrapper is taken off, and `module.` where every name has it.
 * Values that are no tensors (epoch, accuracy ...) are left out.
 *
 * @throws InvalidArgumentError for a value that is no dictionary, or holds no tensor.
 */
export function stateDict(value: unknown, refuse: Refuse): [string, TorchTensor][] {
  if (!(value instanceof Map)) {
    return refuse('must hold a dictionary of tensors', typeof value, 'Save model.state_dict().')
  }
  const wrapper = WRAPPERS.map(key => value.get(key)).find(inner => inner instanceof Map)
  const tensors = [...((wrapper as Map<unknown, unknown> | undefined) ?? value)].filter(
    (entry): entry is [string, TorchTensor] =>
      typeof entry[0] === 'string' && entry[1] instanceof TorchTensor,
  )
  if (tensors.length === 0) {
    const keys = [...value.keys()].slice(0, 10).map(shownValue)
    refuse(
      `must hold named tensors, at the top or under ${WRAPPERS.join(', ')}`,
      `a dictionary of ${keys.join(', ') || 'nothing'}`,
      'Save model.state_dict().',
    )
  }
  const parallel = tensors.every(([name]) => name.startsWith(PARALLEL_PREFIX))
  return parallel ? tensors.map(([name, tensor]) => [name.slice(PARALLEL_PREFIX.length), tensor]) : tensors
}
