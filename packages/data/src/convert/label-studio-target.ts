import { ownId } from '../formats/format'
import type { TextEntity } from '../posts/entity-words'
import { typesOf } from '../posts/labels'
import type { Post } from '../posts/post'
import { leftOfPost } from './left-of-post'
import { postInText } from './post-in-text'
import type { ConversionTarget, TargetOptions } from './target'

/** What the labelling interface calls its labels and its text, as its own templates do. */
const TAGS = { from_name: 'label', to_name: 'text', type: 'labels' } as const

/** How many code points there are before each place: Label Studio counts them, not UTF-16 units. */
const pointsBefore = (text: string, place: number): number => [...text.slice(0, place)].length

const regionOf = ({ type, start, end, score }: TextEntity, text: string, at: number): object => ({
  id: String(at + 1),
  ...TAGS,
  ...(score !== undefined && { score }),
  value: {
    start: pointsBefore(text, start),
    end: pointsBefore(text, end),
    text: text.slice(start, end),
    labels: [type],
  },
})

function taskOf(
  post: Post,
  hasSeveral: boolean,
  { modelVersion = 'ner-maf', imagePrefix }: TargetOptions,
): object {
  const { label, pictures = [] } = post
  const { text, entities } = postInText(post)
  // Behind a prefix a name is a part of an address.
  const places = imagePrefix === undefined ? pictures : pictures.map(name => imagePrefix + addressOf(name))
  const scores = (entities ?? []).flatMap(({ score }) => score ?? [])
  const prediction = {
    model_version: modelVersion,
    // Tasks can be sorted by it: the least sure entity decides.
    ...(scores.length > 0 && { score: Math.min(...scores) }),
    result: entities?.map((entity, at) => regionOf(entity, text, at)),
  }
  return {
    data: {
      ...{ id: ownId(post), text, label },
      ...(places.length > 0 && (hasSeveral ? { images: places } : { image: places[0] })),
    },
    ...(entities && { predictions: [prediction] }),
  }
}

const addressOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** Whether some post has more than one picture: then all have a list of them. */
const haveSeveral = (posts: readonly Post[]): boolean =>
  posts.some(({ pictures = [] }) => pictures.length > 1)

/** Tasks for Label Studio, labels as predictions: people see them, correct them and submit what becomes an annotation. */
export const labelStudioTarget: ConversionTarget = {
  name: 'Label Studio',
  suffix: '.json',
  leaves: post => leftOfPost(post, ['words', 'parts', 'fields', 'orphans', 'unseen']),
  write(posts, options) {
    const hasSeveral = haveSeveral(options.all)
    return `[\n${posts.map(post => JSON.stringify(taskOf(post, hasSeveral, options))).join(',\n')}\n]\n`
  },
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** The labelling interface that a project of such tasks needs. */
export function labelInterface(posts: readonly Post[]): string {
  const hasPictures = posts.some(({ pictures = [] }) => pictures.length > 0)
  const pictures = haveSeveral(posts) ? 'valueList="$images"' : 'value="$image"'
  return [
    '<View>',
    ...(hasPictures ? [`  <Image name="image" ${pictures}/>`] : []),
    `  <Labels name="${TAGS.from_name}" toName="${TAGS.to_name}">`,
    ...typesOf(posts).map(type => `    <Label value="${escaped(type)}"/>`),
    '  </Labels>',
    `  <Text name="${TAGS.to_name}" value="$text"/>`,
    '</View>',
  ].join('\n')
}
