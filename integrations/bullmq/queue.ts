import { Redis } from 'ioredis'

/** The queue of shards. */
export const QUEUE = 'ner-maf-shards'

/** Redis, by REDIS_URL; a worker asks again for as long as it takes. */
export const connect = (): Redis =>
  new Redis(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379', { maxRetriesPerRequest: null })
