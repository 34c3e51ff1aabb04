import { access, constants, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InvalidArgumentError } from '../errors'
import { exists } from './exists'

/**
 * Checks that the nearest folder above that is there already lets a folder be made in it.
 *
 * @param argument what the folder was given as, for the error
 * @param given the folder as it was given
 * @throws InvalidArgumentError where that is a file, or may not be written.
 */
export async function assertWritableParent(target: string, argument = 'out', given = target): Promise<void> {
  let parent = dirname(target)
  while (!(await exists(parent)) && dirname(parent) !== parent) parent = dirname(parent)
  const refuse = (received: string): never => {
    throw new InvalidArgumentError({
      argument,
      rule: 'must be in a folder that can be written',
      received,
      fix: 'Choose another folder.',
    })
  }
  if (!(await stat(parent)).isDirectory()) refuse(`${given}, but ${parent} is a file`)
  await access(parent, constants.W_OK).catch(error =>
    refuse(`${given} (${(error as NodeJS.ErrnoException).code} in ${parent})`),
  )
}
