import type { Feed } from './session'

/** Arrays in memory of their own: of a view, all that it is a view of would be sent to a thread. */
export function separate(feeds: Readonly<Record<string, Feed>>): Record<string, Feed> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [
      name,
      { data: data.byteLength === data.buffer.byteLength ? data : data.slice(), shape },
    ]),
  )
}
