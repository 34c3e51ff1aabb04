import { version_core as tfjs } from '@tensorflow/tfjs-core'
import { prepare } from '../prepare/prepare'
import { serveSide } from './serve-side'
import { loadWork } from './works'

// Our side of the race.
await serveSide({
  about: { name: 'MAF.js', node: process.version, tfjs },
  load: ({ work, folder, settings }) => loadWork(work, folder, settings),
  prepare,
})
