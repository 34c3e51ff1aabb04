import { ownId } from '../formats/format'
import { huggingFace } from '../formats/hugging-face'
import { labelScheme, typesOf } from '../posts/labels'
import type { Post } from '../posts/post'
import { leftOfPost } from './left-of-post'
import type { ConversionTarget } from './target'

/** The card of a data set: where `datasets` finds which file is which split, and the names of the labels in their order. */
function datasetCard(splits: ReadonlyMap<string, readonly Post[]>): string {
  const posts = [...splits.values()].flat()
  const types = typesOf(posts)
  const has = (holds: (post: Post) => boolean): boolean => posts.some(holds)
  const text = (name: string): string[] => [`  - name: ${name}`, '    dtype: string']
  const list = (name: string): string[] => [`  - name: ${name}`, '    sequence: string']
  const labels = types.length > 0 ? labelScheme(types).labels : ['O']
  return [
    '---',
    'task_categories:',
    '- token-classification',
    'dataset_info:',
    '  features:',
    ...text('id'),
    ...list('tokens'),
    ...(has(({ labels }) => labels !== undefined)
      ? [
          '  - name: ner_tags',
          '    sequence:',
          '      class_label:',
          '        names:',
          // A text in YAML is one in JSON.
          ...labels.map((label, id) => `          '${id}': ${JSON.stringify(label)}`),
        ]
      : []),
    ...(has(({ text }) => text !== undefined) ? text('text') : []),
    ...(has(({ label }) => label !== undefined) ? text('label') : []),
    ...(has(({ pictures = [] }) => pictures.length === 1) ? text('image') : []),
    ...(has(({ pictures = [] }) => pictures.length > 1) ? list('images') : []),
    'configs:',
    '- config_name: default',
    '  data_files:',
    ...[...splits.keys()].flatMap(name => [
      `  - split: ${name === 'valid' ? 'validation' : name}`,
      `    path: ${name}.jsonl`,
    ]),
    '---',
    '',
  ].join('\n')
}

/** Hugging Face's data sets: a line of JSON for each post, labels by their names; their order is in the card of a folder. */
export const huggingFaceTarget: ConversionTarget = {
  name: huggingFace.name,
  suffix: '.jsonl',
  format: huggingFace,
  leaves: post => leftOfPost(post, ['fields', 'scores', 'parts']),
  write: posts =>
    posts
      .map(post => {
        const { words, labels, text, label, pictures = [] } = post
        const [image, ...others] = pictures
        const shown = others.length > 0 ? { images: pictures } : { image }
        return `${JSON.stringify({ id: ownId(post), tokens: words, ner_tags: labels, text, label, ...shown })}\n`
      })
      .join(''),
  beside: splits => new Map([['README.md', datasetCard(splits)]]),
}
