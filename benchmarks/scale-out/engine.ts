/** What annotates all shards of a folder. */
export interface Engine {
  name: string
  /** Annotates what is missing of a folder's shards, to the end. */
  annotate(plan: string, command: readonly string[]): Promise<void>
  /** Kills a worker with SIGKILL, and what it has started; says which. */
  killOne(draw: () => number): Promise<string>
  close(): Promise<void>
}
