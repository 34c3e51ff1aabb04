import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { trainRun } from '../../src/train/train-run'

// A training in a process of its own: `train-killed.ts OPTIONS [CALL]`, options as JSON. With CALL it kills itself, as a power
// cut would, when a checkpoint of its last state is being written, at that call of the file system, counted from 1.
const [options, callToDieAt] = process.argv.slice(2) as [string, string?]

if (callToDieAt !== undefined) {
  let calls = 0
  for (const name of ['mkdir', 'open', 'rename', 'readdir', 'rm'] as const) {
    const real = promises[name] as (...given: unknown[]) => Promise<unknown>
    Object.assign(promises, {
      [name]: async (...given: unknown[]) => {
        if (String(given[0]).includes('last')) calls += 1
        if (calls === Number(callToDieAt)) process.kill(process.pid, 'SIGKILL')
        return real(...given)
      },
    })
  }
  syncBuiltinESMExports()
}

await trainRun({
  ...JSON.parse(options),
  onEvent: event => console.log(event.type === 'step' ? event.step : 'epoch'),
})
