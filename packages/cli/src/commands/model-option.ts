import { installedModel } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import { Option } from 'commander'

/** The model that is used where none is named: a package of its own, which people install or leave out. */
export const SHIPPED_MODEL = '@mafjs/model-posts-en'

/** `--model`, the same in every command that does without one. */
export const modelOption = (): Option =>
  new Option(
    '--model <model>',
    `checkpoint folder, export, installed package, or a name on the hub; default ${SHIPPED_MODEL}, where it is installed`,
  )

/**
 * The model that was named, or the one that ships, where it is installed; it is never downloaded unasked.
 *
 * @throws InvalidArgumentError saying which package to install.
 */
export async function modelOrShipped(named: string | undefined, shipped = SHIPPED_MODEL): Promise<string> {
  if (named !== undefined) return named
  if ((await installedModel(shipped)) !== undefined) return shipped
  throw new InvalidArgumentError({
    argument: 'model',
    rule: `must be named, or ${shipped} be installed, which is used where none is`,
    received: 'no name, and no such package here',
    fix: `npm install ${shipped} (English posts; PER, LOC, ORG, MISC), or train a model and name its folder.`,
  })
}
