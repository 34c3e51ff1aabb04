import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { assembleKernel, bytesFile, kernels } from '../wasm/kernels'

/** Some browsers refuse to compile more than this at once where a page runs. */
const LARGEST_MODULE = 4096

describe.each(kernels)('the kernel of $about', kernel => {
  it('is committed as its text assembles now; if not, run `npm run wasm`', async () => {
    const committed = readFileSync(new URL(`../../${kernel.file}`, import.meta.url), 'utf8')
    expect(committed).toBe(bytesFile(kernel, await assembleKernel(kernel)))
  })

  it('is small enough for a page', async () => {
    expect((await assembleKernel(kernel)).length).toBeLessThanOrEqual(LARGEST_MODULE)
  })
})

it('says where a text is wrong', async () => {
  const [kernel] = kernels
  await expect(assembleKernel({ ...kernel!, text: '(module\n  (func (i32.bogus)))\n' })).rejects.toThrow(
    'tools/wasm/dropout-wat.ts:2:10: error: unexpected token',
  )
})
