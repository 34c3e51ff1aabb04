/** Numbers with their shape, row-major, as programs give them. */
export interface Numbers {
  readonly data: ArrayLike<number>
  readonly shape: readonly number[]
}

/** Where a word stands in a batch: its row, and its position there, such as that of its first piece. */
export interface WordPlace {
  row: number
  token: number
}
