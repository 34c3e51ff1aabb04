import { ByteCursor } from './byte-cursor'
import { containerOpcodes } from './container-opcodes'
import { InertValue } from './inert-globals'
import { literalOpcodes } from './literal-opcodes'
import { Opcode } from './opcodes'
import { PickleGlobal, PickleMachine } from './pickle-machine'
import { type Refuse, shownValue } from './refusal'

/** A state dict's program takes some 150 bytes a tensor; the storages are not in it. */
const MAX_PICKLE_BYTES = 2 ** 26

/** What a pickle program may reach besides its own numbers, strings and containers. */
export interface PickleWorld {
  refuse: Refuse
  /** The value of a global, or `undefined` where it is not allowed. */
  findGlobal(module: string, name: string): PickleGlobal | undefined
  /** The value of a persistent id: how torch refers to a storage. */
  loadPersistent(id: unknown): unknown
}

/** A pickled value and the byte after it. */
export interface Unpickled {
  value: unknown
  end: number
}

/**
 * Runs one pickle program of protocol 2 to 5 without ever running code: every global it names must be one of
 * `findGlobal`, and those only build values. Dictionaries become `Map`s; lists, tuples and sets arrays.
 *
 * @throws InvalidArgumentError naming the first global, opcode or size that is refused.
 */
export function unpickle(bytes: Uint8Array, start: number, world: PickleWorld): Unpickled {
  const { refuse } = world
  const cursor = new ByteCursor(bytes.subarray(start, start + MAX_PICKLE_BYTES), refuse)
  const machine = new PickleMachine(cursor, refuse)
  for (;;) {
    const opcode = cursor.uint8()
    if (opcode === Opcode.STOP) return { value: machine.pop(), end: start + cursor.position }
    const run = literalOpcodes[opcode] ?? containerOpcodes[opcode] ?? objectOpcodes[opcode] ?? unknownOpcode
    run(machine, world)
  }
}

function unknownOpcode(machine: PickleMachine): never {
  const { bytes, position } = machine.cursor
  const received = `opcode 0x${bytes[position - 1]!.toString(16)} at byte ${position - 1}`
  return machine.refuse('must use only the pickle opcodes of a state dict', received, SAVE_AGAIN)
}

const SAVE_AGAIN =
  'Where you trust the file, load it with torch and save its tensors alone: torch.save(model.state_dict(), path).'

function pushGlobal(machine: PickleMachine, world: PickleWorld, module: unknown, name: unknown): void {
  const found =
    typeof module === 'string' && typeof name === 'string' ? world.findGlobal(module, name) : undefined
  if (!found) {
    machine.refuse(
      'must hold only tensors, numbers, strings and containers',
      `the global ${shownValue(module)}.${shownValue(name)}`,
      SAVE_AGAIN,
    )
  }
  machine.push(found)
}

/** Calls a global with a tuple of arguments; what it returns is a value like any other. */
function called(machine: PickleMachine): unknown {
  const args = machine.pop()
  const callee = machine.pop()
  if (callee instanceof PickleGlobal && callee.call && Array.isArray(args)) return callee.call(args, machine)
  const received = callee instanceof PickleGlobal ? callee.name : typeof callee
  return machine.refuse('must call only constructors, with a tuple', `a call of ${received}`, SAVE_AGAIN)
}

/** The opcodes that reach outside: memo, globals, calls, persistent ids. */
const objectOpcodes: Record<number, (machine: PickleMachine, world: PickleWorld) => void> = {
  [Opcode.PROTO]: machine => {
    const protocol = machine.cursor.uint8()
    if (protocol < 2 || protocol > 5) machine.refuse('must be of pickle protocol 2 to 5', protocol)
  },
  [Opcode.FRAME]: machine => void machine.cursor.uint64(), // a hint for streams
  [Opcode.BINPUT]: machine => machine.remember(machine.cursor.uint8()),
  [Opcode.LONG_BINPUT]: machine => machine.remember(machine.cursor.uint32()),
  [Opcode.MEMOIZE]: machine => machine.remember(),
  [Opcode.BINGET]: machine => machine.push(machine.recall(machine.cursor.uint8())),
  [Opcode.LONG_BINGET]: machine => machine.push(machine.recall(machine.cursor.uint32())),
  [Opcode.GLOBAL]: (machine, world) => {
    const module = machine.cursor.line()
    pushGlobal(machine, world, module, machine.cursor.line())
  },
  [Opcode.INST]: (machine, world) => {
    const module = machine.cursor.line()
    pushGlobal(machine, world, module, machine.cursor.line())
    machine.refuse('must not make instances', module, SAVE_AGAIN)
  },
  [Opcode.STACK_GLOBAL]: (machine, world) => {
    const name = machine.pop()
    pushGlobal(machine, world, machine.pop(), name)
  },
  [Opcode.REDUCE]: machine => machine.pushContainer(called(machine)),
  // How objects are made since protocol 2: a class and its arguments, as of a call.
  [Opcode.NEWOBJ]: machine => machine.pushContainer(called(machine)),
  [Opcode.BUILD]: machine => {
    const state = machine.pop() // the `_metadata` attribute that torch hangs on a state dict
    if (machine.top() instanceof InertValue) return // its attributes go with it
    if (!(machine.top() instanceof Map) || !(state instanceof Map)) {
      machine.refuse('must set attributes of dictionaries only', typeof state, SAVE_AGAIN)
    }
  },
  [Opcode.BINPERSID]: (machine, world) => machine.pushContainer(world.loadPersistent(machine.pop())),
}
