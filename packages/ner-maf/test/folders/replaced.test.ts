import { useBackend } from '@mafjs/compile/engine'
import { expect, it } from 'vitest'
import { loadWhileReplaced, REPLACED } from './load-while-replaced'

it.each(REPLACED)(
  'what is replaced while it is loaded is loaded whole, old or new: %s',
  {
    timeout: 120_000,
  },
  async what => {
    await useBackend('cpu')
    const { failed, mixed, whole } = await loadWhileReplaced(what, 15)
    expect({ failed, mixed }).toEqual({ failed: [], mixed: [] })
    expect(Object.values(whole).reduce((sum, count) => sum + count, 0)).toBe(15)
  },
)
