/** Where the published state dict keeps what our model calls otherwise; longest prefix first. */
const PREFIXES: readonly [published: string, ours: string][] = [
  ['txt2img_attention.layer.', 'interaction.layer.'],
  ['image_output_cl.', 'alignment.image_projection.output.'],
  ['image_dense_cl.', 'alignment.image_projection.dense.'],
  ['text_ouput_cl.', 'alignment.text_projection.output.'],
  ['text_dense_cl.', 'alignment.text_projection.dense.'],
  ['crs_classifier.', 'matching.classifier.'],
  ['vismap2text.', 'interaction.projection.'],
  ['Gate_image.', 'fusion.image.'],
  ['Gate_text.', 'fusion.text.'],
  ['classifier.', 'classifier.'],
  ['bert.', 'text_encoder.'],
  ['crf.', 'crf.'],
]

/** Layers the published model holds and never uses. */
export const isUnusedInPublished = (name: string): boolean => /^self_attention(_v2)?\./.test(name)

/** Our name of a tensor of the published MAF state dict, or undefined when we have none. */
export function fromPublishedName(name: string): string | undefined {
  const entry = PREFIXES.find(([published]) => name.startsWith(published))
  return entry && entry[1] + name.slice(entry[0].length)
}
