import type { PickleGlobal } from './pickle-machine'

/**
 * A value that training scripts leave beside the weights: of an object of Python's only the name of its class is kept. It is
 * never made and does nothing.
 */
export class InertValue {}

/** Always the same one: whoever reads weights has no use for it. */
const INERT = new InertValue()

const inert: PickleGlobal['call'] = () => INERT

/** Classes and functions by their full names; numpy called its core another name before version 2. */
const NAMES = [
  ...['numpy.core.multiarray', 'numpy._core.multiarray'].flatMap(module =>
    ['scalar', '_reconstruct'].map(name => `${module}.${name}`),
  ),
  ...['numpy.core.numeric._frombuffer', 'numpy._core.numeric._frombuffer', 'numpy.dtype', 'numpy.ndarray'],
  ...['bool_', 'bool', 'int32', 'int64', 'float16', 'float32', 'float64'].map(name => `numpy.${name}`),
  ...['Bool', 'Int32', 'Int64', 'Float16', 'Float32', 'Float64'].map(name => `numpy.dtypes.${name}DType`),
  'argparse.Namespace',
  'types.SimpleNamespace',
  ...['PosixPath', 'WindowsPath', 'PurePosixPath', 'PureWindowsPath', 'Path'].map(name => `pathlib.${name}`),
  ...['datetime', 'date', 'time', 'timedelta', 'timezone'].map(name => `datetime.${name}`),
  ...['complex', 'slice', 'range'].flatMap(name => [`builtins.${name}`, `__builtin__.${name}`]),
  ...['Counter', 'deque'].map(name => `collections.${name}`),
  ...['device', 'Size'].map(name => `torch.${name}`),
  ...['float64', 'float32', 'float16', 'bfloat16', 'int64', 'int32', 'int16', 'int8', 'uint8', 'bool'].map(
    name => `torch.${name}`,
  ),
]

/** What each of them gives when a pickle calls it. */
export const INERT_CALLS: Readonly<Record<string, PickleGlobal['call']>> = Object.fromEntries(
  NAMES.map(name => [name, inert]),
)

/** Classes that are named beside values, such as what a `defaultdict` makes; whoever calls one is refused. */
export const NAMED_CLASSES: readonly string[] = [
  'list',
  'dict',
  'tuple',
  'int',
  'float',
  'str',
  'bool',
].flatMap(name => [`builtins.${name}`, `__builtin__.${name}`])
