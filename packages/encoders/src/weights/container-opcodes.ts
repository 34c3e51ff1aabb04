import { Opcode } from './opcodes'
import type { PickleMachine } from './pickle-machine'

const popMany = (machine: PickleMachine, count: number): unknown[] =>
  Array.from({ length: count }, () => machine.pop()).reverse()

/** Adds items to the list (or set, which is kept as a list) on top of the stack. */
function extend(machine: PickleMachine, items: readonly unknown[]): void {
  const target = machine.top()
  const list = Array.isArray(target) ? target : machine.refuse('must append to a list', typeof target)
  for (const item of items) list.push(item)
}

/** Sets keys and values, given in turn, in the dictionary on top of the stack. */
function assign(machine: PickleMachine, items: readonly unknown[]): void {
  const target = machine.top()
  const map = target instanceof Map ? target : machine.refuse('must set items of a dictionary', typeof target)
  if (items.length % 2 === 1) machine.refuse('must set a value for every key', `${items.length} items`)
  for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1])
}

/** The opcodes of lists, tuples, sets and dictionaries: arrays and maps here, so that no key can be special. */
export const containerOpcodes: Record<number, (machine: PickleMachine) => void> = {
  [Opcode.MARK]: machine => machine.mark(),
  [Opcode.POP]: machine => void machine.pop(),
  [Opcode.POP_MARK]: machine => void machine.popToMark(),
  [Opcode.DUP]: machine => machine.push(machine.top()),
  [Opcode.EMPTY_LIST]: machine => machine.pushContainer([]),
  [Opcode.EMPTY_TUPLE]: machine => machine.pushContainer([]),
  [Opcode.EMPTY_SET]: machine => machine.pushContainer([]),
  [Opcode.EMPTY_DICT]: machine => machine.pushContainer(new Map()),
  [Opcode.LIST]: machine => machine.pushContainer(machine.popToMark()),
  [Opcode.TUPLE]: machine => machine.pushContainer(machine.popToMark()),
  [Opcode.FROZENSET]: machine => machine.pushContainer(machine.popToMark()),
  [Opcode.TUPLE1]: machine => machine.pushContainer(popMany(machine, 1)),
  [Opcode.TUPLE2]: machine => machine.pushContainer(popMany(machine, 2)),
  [Opcode.TUPLE3]: machine => machine.pushContainer(popMany(machine, 3)),
  [Opcode.DICT]: machine => {
    const items = machine.popToMark()
    machine.pushContainer(new Map())
    assign(machine, items)
  },
  [Opcode.APPEND]: machine => extend(machine, popMany(machine, 1)),
  [Opcode.APPENDS]: machine => extend(machine, machine.popToMark()),
  [Opcode.ADDITEMS]: machine => extend(machine, machine.popToMark()),
  [Opcode.SETITEM]: machine => assign(machine, popMany(machine, 2)),
  [Opcode.SETITEMS]: machine => assign(machine, machine.popToMark()),
}
