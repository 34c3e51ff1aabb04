// @ts-check
import { register } from 'node:module'

// node --conditions=@mafjs/source --import .../from-source.mjs PROGRAM.ts: starts in a third of the time that tsx takes, which goes
// through every module by itself. For what tests start.
register('./from-source-hooks.mjs', import.meta.url)
