import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { fillCache } from '../../src/features/features-run'

// Fills a cache in a process of its own: `fill-cache.ts OPTIONS [CALL]`, options as JSON. With CALL it kills itself, as a power
// cut would, at that call of the file system that writes, counted from 1; what it was writing is then half there.
const [options, callToDieAt] = process.argv.slice(2) as [string, string?]

if (callToDieAt !== undefined) {
  let calls = 0
  for (const name of ['writeFile', 'rename'] as const) {
    const real = promises[name] as (...given: unknown[]) => Promise<unknown>
    Object.assign(promises, {
      [name]: async (...given: unknown[]) => {
        calls += 1
        if (calls < Number(callToDieAt)) return real(...given)
        if (name === 'writeFile') await real(given[0], (given[1] as Uint8Array).subarray(0, 1000))
        process.kill(process.pid, 'SIGKILL')
        return undefined
      },
    })
  }
  syncBuiltinESMExports()
}

const { counts } = await fillCache({ ...JSON.parse(options), onPicture: done => console.log(done) })
console.log(JSON.stringify(counts))
