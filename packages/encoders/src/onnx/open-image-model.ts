import { assertRuntime, type OpenedModel, openOnnx, type ThreadOptions } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'

const refuse = (argument: string, rule: string, error: unknown, fix: string): never => {
  const received = (error as Error).message.split('\n')[0]!.replace(/\.$/, '')
  throw new InvalidArgumentError({ argument, rule, received, fix })
}

/**
 * Resolves where ONNX Runtime can be loaded.
 *
 * @param file what the image model is called in errors
 * @throws InvalidArgumentError without it.
 */
export const assertImageRuntime = (file: string): Promise<void> =>
  assertRuntime().catch(error =>
    refuse(
      file,
      'needs ONNX Runtime, whichever engine computes the rest',
      error.cause ?? error,
      'Install it: npm install onnxruntime-node.',
    ),
  )

/**
 * Gives an image model to ONNX Runtime.
 *
 * @param file what it is called in errors
 * @throws InvalidArgumentError without ONNX Runtime, or for what it cannot run.
 */
export async function openImageModel(
  model: Uint8Array,
  file: string,
  session: ThreadOptions,
): Promise<OpenedModel> {
  await assertImageRuntime(file)
  // A copy, which `slice` of a Buffer is not: a worker takes the bytes away, and the checkpoint needs them.
  return openOnnx(new Uint8Array(model), session).catch(error =>
    refuse(
      file,
      'must be a model that ONNX Runtime can run',
      error,
      'Export it again, for a version of ONNX that this ONNX Runtime knows.',
    ),
  )
}
