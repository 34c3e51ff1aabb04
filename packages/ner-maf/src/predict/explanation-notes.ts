import { hasGate, type MafConfig } from '../model/config'
import type { TaggedPost } from '../task/decode-posts'
import type { PictureRegions } from './picture-regions'

/** Sentences for a person on what an explanation has not, and why. */
export function explanationNotes(
  config: MafConfig,
  {
    said,
    hasPicture,
    regions,
  }: { said: TaggedPost | undefined; hasPicture: boolean; regions: PictureRegions | undefined },
): string[] {
  if (!said) return ['The text has no word.']
  if (!config.interaction) return ['The model reads the text alone: pictures change nothing.']
  if (!hasPicture)
    return ['The post has no picture: nothing is looked at, and no gate lets anything through.']
  const [first] = said.explained ?? []
  const attends = (config.interaction.kind ?? 'attention') === 'attention'
  const isLeftOut = (hasGate(config) && !first?.gate) || (attends && !first?.attention)
  const notes: string[] = []
  if (isLeftOut) {
    notes.push('The export carries no maps: write it with ner-maf export --explain for gates and attention.')
  }
  if (!hasGate(config)) notes.push('The model has no gate.')
  if (!attends && !first?.attention) notes.push('No word of this model attends to the regions of a picture.')
  if (!regions) {
    notes.push(
      'How the regions lie on a picture is not known: attention is left out, and occlusion hides 7 x 7 parts.',
    )
  } else if (regions.placeless > 0 && first?.attention) {
    notes.push(
      'One region of each picture is no place in it and is left out, so that the weights of a word sum to less than 1.',
    )
  }
  return notes
}
