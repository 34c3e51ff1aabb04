import { InvalidArgumentError } from '@mafjs/tensor'

/** An error that says which file or folder is meant: what checks its content may not know. */
export function nameError(error: unknown, source: string): unknown {
  if (error instanceof InvalidArgumentError && !error.message.includes(source)) {
    error.message = `${source}: ${error.message}`
  }
  return error
}

/** Does something with the content of a file or folder, whose name is in every error about it. */
export function naming<Result>(source: string, act: () => Result): Result {
  try {
    return act()
  } catch (error) {
    throw nameError(error, source)
  }
}
