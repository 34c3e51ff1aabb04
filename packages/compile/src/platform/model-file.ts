/** A model's file, read. */
export interface ModelFile {
  bytes: Uint8Array
  /** Gives the memory of its bytes back at once, before another reader of the file needs as much. */
  release(): void
  /** The bytes of a file beside it, where it is there. */
  sizeOf(location: string): Promise<number | undefined>
}
