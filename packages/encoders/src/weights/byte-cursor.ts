import type { Refuse } from './refusal'

/** No module or class is called that long. */
const MAX_LINE = 1000

/** Reads forward through bytes; going past their end is a refusal, never an `undefined`. */
export class ByteCursor {
  readonly #view: DataView

  constructor(
    readonly bytes: Uint8Array,
    readonly refuse: Refuse,
    /** The next byte to be read. */
    public position = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** The position of the next `length` bytes, which are then behind the cursor. */
  #advance(length: number): number {
    const start = this.position
    if (length > this.bytes.length - start) {
      this.refuse('must not end in the middle of a value', `${length} bytes wanted at byte ${start}`)
    }
    this.position = start + length
    return start
  }

  take(length: number): Uint8Array {
    const start = this.#advance(length)
    return this.bytes.subarray(start, start + length)
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true)
  }

  /** An unsigned 64-bit size; one beyond 2^53 is beyond any file as well. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true))
  }

  float64BigEndian(): number {
    return this.#view.getFloat64(this.#advance(8))
  }

  /** Text up to the next line feed, which is skipped: the name of a module or class. */
  line(): string {
    const length = this.bytes.subarray(this.position, this.position + MAX_LINE).indexOf(0x0a)
    if (length < 0) this.refuse('must end every name with a line feed', `none after byte ${this.position}`)
    const text = this.take(length)
    this.position += 1
    return new TextDecoder().decode(text)
  }
}
