import type { AnnotateOptions, loadMaf } from '@mafjs/ner-maf'

type LoadMafOptions = NonNullable<Parameters<typeof loadMaf>[1]>

import { assertSizes, InvalidArgumentError } from '@mafjs/tensor/errors'

/** How a model is served. */
export interface ServeOptions
  extends Pick<
      LoadMafOptions,
      'engine' | 'backend' | 'longTexts' | 'windowOverlap' | 'shrinkOnLoad' | 'pixelLimit'
    >,
    Pick<AnnotateOptions, 'minScore' | 'onBrokenPicture'> {
  /** A checkpoint folder, an export, an installed package, or a name on the hub. */
  model: string
  /** @default '127.0.0.1': this machine alone */
  host?: string | undefined
  /** 0 takes a free one. @default 8080 */
  port?: number | undefined
  /** Processes with the model, of one thread each. @default one for each processor that this process may use */
  workers?: number | undefined
  /** Requests must have one of them. @default none: open to whoever reaches the port */
  apiKeys?: readonly string[] | undefined
  /** Whether `GET /` is a page where a person tries the model. @default true */
  playground?: boolean | undefined
  /** Posts that may wait for a worker. @default 256 */
  queuePosts?: number | undefined
  /** Bytes of requests that may be in memory, over all connections. @default 256 MiB */
  queueBytes?: number | undefined
  /** Posts that are computed together at most. @default 16 */
  batchSize?: number | undefined
  /** Bytes of a request's body, or of a line of a stream. @default 16 MiB */
  bodyBytes?: number | undefined
  /** Seconds in which a body must be there. @default 30 */
  bodySeconds?: number | undefined
  /** UTF-16 units of a text. @default 20000 */
  textLength?: number | undefined
  /** Pictures of a post. @default 8 */
  pictures?: number | undefined
  /** Bytes of a picture file. @default 8 MiB */
  pictureBytes?: number | undefined
  /** Seconds that a batch may take; a worker that takes longer is ended. @default 60 */
  batchSeconds?: number | undefined
}

const MIB = 2 ** 20

/** Fills in what was not said. @throws InvalidArgumentError for sizes that are no positive whole numbers, or contradict each other */
export function completeOptions(options: ServeOptions) {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const complete = {
    ...{ host: '127.0.0.1', port: 8080, apiKeys: [] as readonly string[], playground: true },
    ...{ queuePosts: 256, queueBytes: 256 * MIB, batchSize: 16, batchSeconds: 60 },
    ...{ bodyBytes: 16 * MIB, bodySeconds: 30, textLength: 20_000, pictures: 8, pictureBytes: 8 * MIB },
    ...(given as ServeOptions & { [Name in keyof ServeOptions]: NonNullable<ServeOptions[Name]> }),
  }
  const { queuePosts, queueBytes, batchSize, batchSeconds, apiKeys } = complete
  const { bodyBytes, bodySeconds, textLength, pictures, pictureBytes } = complete
  assertSizes({ queuePosts, queueBytes, batchSize, bodyBytes, textLength, pictures, pictureBytes })
  for (const [argument, received] of Object.entries({ batchSeconds, bodySeconds })) {
    if (received > 0 && received < 2 ** 21) continue
    throw new InvalidArgumentError({ argument, rule: 'must be a positive number of seconds', received })
  }
  if (queueBytes < 2 * bodyBytes) {
    throw new InvalidArgumentError({
      argument: 'queueBytes',
      rule: `must have room for two bodies of ${bodyBytes} bytes`,
      received: queueBytes,
    })
  }
  if (apiKeys.some(key => key.trim() === '' || key !== key.trim())) {
    throw new InvalidArgumentError({
      argument: 'apiKeys',
      rule: 'must be texts without white space around them, none empty',
      received: 'another one',
    })
  }
  return complete
}
