import { assertDtype, assertEncoding, assertShape, type Encoding } from '@mafjs/tensor'
import type { MafConfig } from './config'
import type { MafInputs } from './maf'

/** Whether an image is what an encoder made, or pixels. */
export const isEncoding = (image: NonNullable<MafInputs['image']>): image is Encoding => !('pixels' in image)

/**
 * Checks what the modules would refuse under names of their own, or not at all.
 *
 * @throws InvalidArgumentError naming the input that does not fit.
 */
export function assertInputs(inputs: MafInputs, { interaction }: MafConfig): void {
  const { text, image, firstPieces, wordMask, labels, alternatives } = inputs
  const sizes = assertShape('inputs.text.ids', text?.ids, ['batch', 'tokens'])
  assertDtype('inputs.text.ids', text.ids, 'int32')
  assertShape('inputs.text.mask', text.mask, ['batch', 'tokens'], sizes)
  assertDtype('inputs.text.mask', text.mask, 'float32')
  if (text.shapes) {
    assertShape('inputs.text.shapes', text.shapes, ['batch', 'tokens'], sizes)
    assertDtype('inputs.text.shapes', text.shapes, 'int32')
  }
  if (image && interaction) {
    if (isEncoding(image)) assertEncoding('inputs.image', image, 'regions', interaction.imageSize, sizes)
    else {
      const count = 'choice' in image ? 'pictures' : 'batch'
      assertShape('inputs.image.pixels', image.pixels, [count, 'height', 'width', 3], sizes)
      if ('choice' in image) {
        assertShape('inputs.image.choice', image.choice, ['batch', 'places', 'pictures'], sizes)
      } else assertShape('inputs.image.present', image.present, ['batch'], sizes)
    }
  }
  const steps = firstPieces ? 'words' : 'tokens'
  if (firstPieces) {
    assertShape('inputs.firstPieces', firstPieces, ['batch', 'words', 'tokens'], sizes)
    assertDtype('inputs.firstPieces', firstPieces, 'float32')
    // Without it the mask of the pieces would be taken for that of the words.
    assertShape('inputs.wordMask', wordMask as NonNullable<typeof wordMask>, ['batch', 'words'], sizes)
  } else if (wordMask) assertShape('inputs.wordMask', wordMask, ['batch', 'tokens'], sizes)
  if (wordMask) assertDtype('inputs.wordMask', wordMask, 'float32')
  if (labels) {
    assertShape('inputs.labels', labels, ['batch', steps], sizes)
    assertDtype('inputs.labels', labels, 'int32')
  }
  if (alternatives) assertShape('inputs.alternatives', alternatives, ['batch', steps, 'labels'], sizes)
}
