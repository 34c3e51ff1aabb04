import { expect, it } from 'vitest'
import { runShown } from '../processes'

const WAITS = ['-e', 'setInterval(() => {}, 1000)']

it('a process that is shown is ended with its signal, and tells how it ended', async () => {
  const interruption = new AbortController()
  const running = runShown(process.execPath, WAITS, { signal: interruption.signal })
  interruption.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
  await expect(runShown(process.execPath, WAITS, { signal: interruption.signal })).rejects.toThrow('enough')
  await expect(runShown(process.execPath, ['-e', 'process.exit(3)'])).rejects.toThrow('exit code 3')
})
