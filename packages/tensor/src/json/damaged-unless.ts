import { InvalidArgumentError } from '../errors'

/**
 * Makes something of a file's content; whatever is wrong with it is said of the file.
 *
 * @throws InvalidArgumentError naming the file, for any error.
 */
export function damagedUnless<Made>(file: string, rule: string, make: () => Made): Made {
  try {
    return make()
  } catch (error) {
    throw new InvalidArgumentError({
      argument: file,
      rule,
      received: (error as Error).message.replace(/\.$/, ''),
      fix: 'The file is damaged; train or copy the model again.',
    })
  }
}
