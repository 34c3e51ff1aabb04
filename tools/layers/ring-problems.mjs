// @ts-check
import { posix } from 'node:path'
import { knownRings } from './layers.mjs'

/** The folder of `src` that a file lies in; files of `src` itself are rooms of their own. @param {string} path below `src` */
const roomOf = path => path.split('/')[0] ?? path

/**
 * Who imports whom among the folders of a package's source, `index.ts` apart: it may name all.
 *
 * @param {import('./import-problems.mjs').SourceFile[]} files
 * @returns {Map<string, Map<string, string>>} the rooms that a room imports, each with the first place where it does
 */
function roomsOf(files) {
  const sources = files.filter(({ path }) => path.startsWith('src/') && path !== 'src/index.ts')
  const folders = new Set(
    sources
      .map(({ path }) => path.slice('src/'.length))
      .filter(path => path.includes('/'))
      .map(roomOf),
  )
  /** @type {Map<string, Map<string, string>>} */
  const rooms = new Map()
  for (const { path, file, syntax } of sources) {
    const inside = path.slice('src/'.length)
    const from = roomOf(inside)
    for (const { specifier, line } of syntax.imports) {
      if (!specifier.startsWith('.')) continue
      const target = posix.join(posix.dirname(inside), specifier)
      const to = target.includes('/') || folders.has(target) ? roomOf(target) : `${target}.ts`
      if (to === from || target.startsWith('..') || target === '.' || to === 'index.ts') continue
      const reached = rooms.get(from) ?? new Map()
      if (!reached.has(to)) reached.set(to, `${file}:${line}`)
      rooms.set(from, reached)
    }
  }
  return rooms
}

/** The rooms that a room reaches. @param {Map<string, Map<string, string>>} rooms @param {string} start */
function reachedFrom(rooms, start) {
  const found = new Set()
  const open = [start]
  for (let room = open.pop(); room !== undefined; room = open.pop()) {
    for (const next of rooms.get(room)?.keys() ?? []) {
      if (!found.has(next)) open.push(next)
      found.add(next)
    }
  }
  return found
}

/** The rooms that lie in a ring. @param {import('./import-problems.mjs').SourceFile[]} files @returns {string[]} */
export function ringOf(files) {
  const rooms = roomsOf(files)
  return [...rooms.keys()].filter(room => reachedFrom(rooms, room).has(room)).sort()
}

/**
 * Rings of folders inside a package: rooms that import each other, by whatever detour, are one room with walls in it. Those
 * that are known stand in the layer table until they are gone, and may only lose rooms.
 *
 * @param {import('../workspace/packages.mjs').Package} one
 * @param {import('./import-problems.mjs').SourceFile[]} files
 * @returns {import('./layers.mjs').Problem[]}
 */
export function ringProblems({ short, path }, files) {
  const rooms = roomsOf(files)
  /** @type {readonly string[]} */
  const known = knownRings[/** @type {keyof typeof knownRings} */ (short)] ?? []
  const room = ringOf(files).find(one => !known.includes(one))
  if (room === undefined) return []
  const [next, place] = [...(rooms.get(room) ?? [])].find(([to]) => reachedFrom(rooms, to).has(room)) ?? []
  return [
    {
      file: place ?? path,
      problem: `closes a ring of folders: ${room} imports ${next}, which leads back to ${room}`,
      fix: 'move what both need into the one that knows less, or pass it in',
    },
  ]
}
