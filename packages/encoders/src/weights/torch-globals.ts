import { INERT_CALLS, NAMED_CLASSES } from './inert-globals'
import { PickleGlobal, type PickleMachine } from './pickle-machine'
import { storageType, VIEWED_NAMES, viewedStorage } from './torch-storage'
import { rebuildTensor, TorchTensor } from './torch-tensor'

/** `OrderedDict()` of Python 3, or of Python 2 with its pairs as a list. */
function orderedDict([pairs = []]: readonly unknown[], machine: PickleMachine): Map<unknown, unknown> {
  if (Array.isArray(pairs)) machine.copy(pairs.length)
  if (!Array.isArray(pairs) || !pairs.every(pair => Array.isArray(pair) && pair.length === 2)) {
    return machine.refuse('must make an OrderedDict of pairs', typeof pairs)
  }
  return new Map(pairs as [unknown, unknown][])
}

const rebuild = (args: readonly unknown[], machine: PickleMachine): TorchTensor =>
  rebuildTensor(args, machine.refuse)

/** A tensor of a type without a class of storages: a view of bytes, with its type behind the other arguments. */
const rebuildView = ([storage, ...args]: readonly unknown[], machine: PickleMachine): TorchTensor =>
  rebuildTensor([viewedStorage(storage, args.at(-1)), ...args], machine.refuse)

/** A parameter is its tensor; whether it was trained is not kept. */
function rebuildParameter([tensor]: readonly unknown[], machine: PickleMachine): TorchTensor {
  return tensor instanceof TorchTensor
    ? tensor
    : machine.refuse('must make parameters of tensors', typeof tensor)
}

/** How protocol 2 writes bytes and sets: nothing here reads them, so they stay the text or list they are made of. */
const unchanged = ([value = null]: readonly unknown[]): unknown => value

const CALLS: Record<string, PickleGlobal['call']> = {
  ...INERT_CALLS,
  'collections.OrderedDict': orderedDict,
  'collections.defaultdict': () => new Map(),
  'torch._utils._rebuild_tensor': rebuild,
  'torch._utils._rebuild_tensor_v2': rebuild,
  'torch._utils._rebuild_tensor_v3': rebuildView,
  'torch._utils._rebuild_parameter': rebuildParameter,
  '_codecs.encode': unchanged,
  '__builtin__.bytes': unchanged,
  'builtins.bytes': unchanged,
  '__builtin__.bytearray': unchanged,
  'builtins.bytearray': unchanged,
  '__builtin__.set': unchanged,
  'builtins.set': unchanged,
  '__builtin__.frozenset': unchanged,
  'builtins.frozenset': unchanged,
}

/** What is named and never called. */
const NAMED: ReadonlySet<string> = new Set([...VIEWED_NAMES, ...NAMED_CLASSES])

/**
 * The globals that a checkpoint of tensors, numbers, strings and containers needs, and those of values often left beside it;
 * every other one is refused.
 */
export function findTorchGlobal(module: string, name: string): PickleGlobal | undefined {
  const full = `${module}.${name}`
  if (NAMED.has(full)) return new PickleGlobal(full)
  if (Object.hasOwn(CALLS, full)) return new PickleGlobal(full, CALLS[full])
  return module === 'torch' || full === 'torch.storage.UntypedStorage' ? storageType(name) : undefined
}
