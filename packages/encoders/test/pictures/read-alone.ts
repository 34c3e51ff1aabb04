import sharp from 'sharp'
import { loadPicture } from '../../src/pictures'

// Reads the picture that it is given, once another one has been read, and prints what that took and gave.
const create = { width: 8, height: 8, channels: 3, background: '#000000' } as const
await loadPicture(await sharp({ create }).png().toBuffer())
const before = process.resourceUsage().maxRSS
const deviation = [1 / 255, 1 / 255, 1 / 255]
const outcome = await loadPicture(process.argv[2]!, { mean: [0, 0, 0], deviation }).then(
  ({ pixels }) => pixels.slice(0, 3).map(Math.round).join(),
  error => error.message,
)
// Kilobytes, on every system.
const megabytes = (process.resourceUsage().maxRSS - before) / 1024
process.stdout.write(JSON.stringify({ megabytes, outcome }))
