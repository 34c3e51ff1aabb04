import { expect, test } from 'vitest'
import type { Row } from '../race/rows'
import type { Side } from '../race/side'
import type { Starter } from '../race/sides'
import { sweepSettings } from '../race/sweep'
import type { TorchSettings } from '../race/torch-settings'

const work = { kind: 'infer', inputs: 'one' } as const
const row: Row = {
  name: 'one',
  title: '',
  group: 'one post',
  ours: work,
  theirs: work,
  judged: { ours: work, theirs: work },
}

/** A PyTorch whose runs take what `cost` says of its settings; `undefined` is a failure. */
const torchOf = (cost: (settings: TorchSettings) => number | undefined): Starter => ({
  about: { name: 'PyTorch' },
  start: settings => {
    const ms = cost(settings as TorchSettings)
    const ask = async (name: string, { repeat }: { repeat?: number }) => {
      if (ms === undefined) throw new Error('no compiler')
      return name === 'run' ? { ms: new Array(repeat).fill(ms) } : {}
    }
    return { ask, close: async () => {} } as unknown as Side
  },
})

const sweep = (torch: Starter) =>
  sweepSettings({
    torch,
    row,
    axes: [
      { setting: 'wait', values: ['default', 'active', 'passive'] },
      { setting: 'layout', values: ['contiguous', 'channelsLast'] },
      { setting: 'compile', values: ['eager', 'inductor'] },
    ],
    folder: '',
    onTrial: () => {},
  })

test('keeps the best value of each setting while it looks for the next', async () => {
  const { best, half, trials } = await sweep(
    torchOf(
      ({ wait, layout, precision }) =>
        1000 -
        (wait === 'passive' ? 300 : 0) -
        (wait === 'passive' && layout === 'channelsLast' ? 300 : 0) -
        (precision === 'bf16' ? 100 : 0),
    ),
  )
  expect(best).toMatchObject({ wait: 'passive', layout: 'channelsLast', compile: 'eager', precision: 'fp32' })
  expect(half).toMatchObject({ wait: 'passive', precision: 'bf16' })
  expect(trials.at(-1)!.ms).toBe(300)
})

test('passes over what fails and gains that are noise', async () => {
  const { best, half } = await sweep(
    torchOf(({ compile, wait, precision }) =>
      compile === 'inductor' ? undefined : wait === 'active' ? 990 : precision === 'bf16' ? 2000 : 1000,
    ),
  )
  expect(best).toMatchObject({ wait: 'default', compile: 'eager' })
  expect(half).toBeUndefined()
})

test('a PyTorch that cannot run the work at all says why', async () => {
  await expect(sweep(torchOf(() => undefined))).rejects.toThrow(/fails on one: .*no compiler/)
})
