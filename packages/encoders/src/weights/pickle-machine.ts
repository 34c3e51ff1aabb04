import type { ByteCursor } from './byte-cursor'
import type { Refuse } from './refusal'

/** Far above what torch leaves on the stack (it empties it every 1,000 items). */
const MAX_STACK = 2 ** 20
/** A state dict needs about 6 containers a tensor; an empty one costs one byte of file and 200 of memory. */
const MAX_CONTAINERS = 2 ** 18
/** And about 14 values that are remembered. */
const MAX_MEMO = 2 ** 20

/** A global that a pickle may name: a constructor of ours to call, or a mark such as a storage type. */
export class PickleGlobal {
  constructor(
    readonly name: string,
    /** Builds the value; a global without it cannot be called. */
    readonly call?: (args: readonly unknown[], machine: PickleMachine) => unknown,
  ) {}
}

/** The stack, memo and limits of one pickle program. */
export class PickleMachine {
  readonly #memo = new Map<number, unknown>()
  readonly #stack: unknown[] = []
  readonly #marks: number[] = []
  #containers = 0
  #copied = 0

  constructor(
    readonly cursor: ByteCursor,
    readonly refuse: Refuse,
  ) {}

  push(value: unknown): void {
    if (this.#stack.length >= MAX_STACK) this.refuse('must not nest without end', `${MAX_STACK} open values`)
    this.#stack.push(value)
  }

  /** Pushes a new array, map or built value, of which a program may make only so many. */
  pushContainer(container: unknown): void {
    this.#containers += 1
    if (this.#containers > MAX_CONTAINERS) {
      this.refuse('must not hold endless containers', `more than ${MAX_CONTAINERS}`)
    }
    this.push(container)
  }

  /** Counts items copied from one container to another: a file cannot hold more of them than it has bytes. */
  copy(items: number): void {
    this.#copied += items
    if (this.#copied > this.cursor.bytes.length) {
      this.refuse('must not copy one list again and again', `${this.#copied} items`)
    }
  }

  top(): unknown {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) {
      this.refuse('must not take a value from an empty stack', `byte ${this.cursor.position}`)
    }
    return this.#stack.at(-1)
  }

  pop(): unknown {
    const value = this.top()
    this.#stack.pop()
    return value
  }

  mark(): void {
    if (this.#marks.length >= MAX_STACK) this.refuse('must not nest without end', `${MAX_STACK} open marks`)
    this.#marks.push(this.#stack.length)
  }

  /** Everything above the last mark. */
  popToMark(): unknown[] {
    const start = this.#marks.pop()
    if (start === undefined) return this.refuse('must set a mark first', `byte ${this.cursor.position}`)
    return this.#stack.splice(start)
  }

  /** Remembers the value on top of the stack. @param index @default the number of those before it */
  remember(index = this.#memo.size): void {
    if (this.#memo.size >= MAX_MEMO)
      this.refuse('must not remember values without end', `${MAX_MEMO} of them`)
    this.#memo.set(index, this.top())
  }

  recall(index: number): unknown {
    if (!this.#memo.has(index)) this.refuse('must remember a value before it is recalled', `memo ${index}`)
    return this.#memo.get(index)
  }
}
