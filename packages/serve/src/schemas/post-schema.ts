import type { Explanation } from '@mafjs/explain'
import Type, { type Static } from 'typebox'

/** A post as `POST /annotate` and a line of `POST /annotate/lines` take it. */
export const PostSchema = Type.Object(
  {
    id: Type.Optional(Type.Unknown({ description: 'Anything; the answer of a line gives it back.' })),
    text: Type.Optional(Type.String({ description: 'The post; may be left out where `tokens` are given.' })),
    tokens: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: 'Its words, in order and with nothing but white space between; its text is split else.',
      }),
    ),
    image: Type.Optional(
      Type.String({ contentEncoding: 'base64', description: 'Its picture: the bytes of a file in base64.' }),
    ),
    images: Type.Optional(
      Type.Array(Type.String({ contentEncoding: 'base64' }), {
        description: 'Its pictures, where it has several; instead of `image`.',
      }),
    ),
  },
  { title: 'Post' },
)

/** A post in JSON. */
export type PostBody = Static<typeof PostSchema>

const EntitySchema = Type.Object({
  type: Type.String(),
  text: Type.String(),
  start: Type.Integer({ minimum: 0, description: 'First UTF-16 unit in the text.' }),
  end: Type.Integer({ minimum: 0, description: 'The UTF-16 unit after the last.' }),
  score: Type.Number({ minimum: 0, maximum: 1, description: 'Probability of exactly this span and type.' }),
})

const SkippedPictureSchema = Type.Object({
  picture: Type.String({ description: 'Which one it is, such as images[0].' }),
  reason: Type.String(),
})

/** What the model says of one post. */
export const AnnotationSchema = Type.Object(
  {
    entities: Type.Array(EntitySchema),
    match: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
      description:
        'Probability that text and picture belong together; null without a picture or a matching module.',
    }),
    cutWords: Type.Integer({
      minimum: 0,
      description: "Words at the end beyond the model's length, which were not looked at.",
    }),
    skippedPictures: Type.Optional(Type.Array(SkippedPictureSchema)),
  },
  { title: 'Annotation' },
)

/** What of an explanation is asked for, in the address. */
export const ExplainQuerySchema = Type.Object({
  withoutPicture: Type.Optional(Type.Boolean({ description: 'What would be said without the picture.' })),
  occlusion: Type.Optional(
    Type.Boolean({ description: 'Hide regions of the picture one by one; the post is read once for each.' }),
  ),
})

/** Why a post is annotated as it is: the type of `@mafjs/explain`. */
export const ExplanationSchema = Type.Unsafe<Explanation>({
  type: 'object',
  title: 'Explanation',
  description:
    'As `Explanation` of @mafjs/explain: words with probabilities, gates, attention and occlusion; pictures; what if.',
})

/** The annotation of a post, as JSON. */
export type AnnotationBody = Static<typeof AnnotationSchema>

/** Every error, as RFC 9457 has it: `application/problem+json`. */
export const ProblemSchema = Type.Object(
  {
    type: Type.Literal('about:blank'),
    title: Type.String({ description: "The status' own name." }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What was wrong, by which rule, and how to mend it.' }),
    instance: Type.String({ description: 'The request, as the log names it.' }),
  },
  { title: 'Problem' },
)

/** An error as JSON. */
export type ProblemBody = Static<typeof ProblemSchema>

/** What probes are told. */
export const HealthSchema = Type.Object(
  { status: Type.String(), workers: Type.Integer({ description: 'Processes that answer.' }) },
  { title: 'Health' },
)
