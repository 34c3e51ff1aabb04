/** What Node is given to run a program of these tests from source, in a process of its own. */
export const FROM_SOURCE = [
  '--import',
  new URL('../../../tools/workspace/from-source.mjs', import.meta.url).href,
] as const
