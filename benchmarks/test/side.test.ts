import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startSide } from '../race/side'

/** A side that answers `run` with the milliseconds that its own timer was held up, and fails at `load`. */
const PROGRAM = `
  let last = Date.now(), longest = 0
  setInterval(() => { longest = Math.max(longest, Date.now() - last); last = Date.now() }, 10)
  require('readline').createInterface({ input: process.stdin }).on('line', line => {
    const request = JSON.parse(line)
    if (request.do === 'compare') { console.error('out of luck'); process.exit(3) }
    console.log(JSON.stringify(request.do === 'load' ? { error: 'no such work' } : { ms: [longest] }))
  }).on('close', () => process.exit())`

const start = () => startSide({ command: process.execPath, arguments: ['-e', PROGRAM] })
const LOAD = { work: { kind: 'crf', inputs: '' }, folder: '', settings: {} } as const

test('a paused side does nothing until it is resumed', async () => {
  const side = start()
  await side.ask('run', { repeat: 1 })
  side.pause()
  await wait(400)
  side.resume()
  await wait(50)
  const { ms } = await side.ask('run', { repeat: 1 })
  expect(ms[0]).toBeGreaterThan(350)
  await side.close()
})

test('an error of the other side arrives in its own words, and the side goes on', async () => {
  const side = start()
  await expect(side.ask('load', LOAD)).rejects.toThrow('no such work')
  expect((await side.ask('run', { repeat: 1 })).ms).toHaveLength(1)
  await side.close()
})

test('a side that ends leaves nobody waiting, and its last words are told', async () => {
  const side = start()
  await expect(side.ask('compare', { to: '' })).rejects.toThrow('out of luck')
  await expect(side.ask('run', { repeat: 1 })).rejects.toThrow('has ended')
  await side.close()
})

test('a program that is not there is an error, not a wait', async () => {
  const side = startSide({ command: 'no-such-python', arguments: [] })
  await expect(side.ask('about', {})).rejects.toThrow('no-such-python did not start')
})
