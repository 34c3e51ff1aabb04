import { InvalidArgumentError } from '@mafjs/tensor'

/** @throws InvalidArgumentError for posts with several pictures, of an export that has no place for them. */
export function refuseSeveral(received: string): never {
  throw new InvalidArgumentError({
    argument: 'images',
    rule: 'must be one picture for this export, which was written before posts could have several',
    received,
    fix: 'Export the model again, or give one picture.',
  })
}
