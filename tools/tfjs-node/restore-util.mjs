// @ts-check
import { createRequire } from 'node:module'

// node --import ./restore-util.mjs PROGRAM: Node 23 removed functions of `util` that tfjs-node 4.22 still calls. ner-maf
// does this itself; other programs that import tfjs-node need it.
const util = createRequire(import.meta.url)('node:util')

/** @param {unknown} value */
util.isNullOrUndefined ??= value => value === null || value === undefined
util.isArray ??= Array.isArray
