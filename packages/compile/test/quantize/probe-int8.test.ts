import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { probeInt8 } from '../../src'

/** Whether this processor can multiply bytes without saturating, by its own word; nothing where it does not say. */
function multipliesExactly(): boolean | undefined {
  if (process.arch !== 'x64') return true
  if (!existsSync('/proc/cpuinfo')) return undefined
  // An emulator shows the file of the machine beneath; who starts one says what it emulates.
  const emulated = process.env['MAF_TEST_PROCESSOR_FLAGS']
  const flags = emulated ?? /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]
  if (flags === undefined) return undefined
  return /\b(avx512_?vnni|avx_?vnni)\b/.test(flags)
}

test('every type of weight is exact in our sessions, whatever the processor', async () => {
  expect((await probeInt8()).exact).toEqual({ int7: true, uint8: true, int8: true })
})

test('the probe sees saturation where the processor has it, with the option left off', async () => {
  const { saturates } = await probeInt8()
  const exactly = multipliesExactly()
  if (exactly === undefined) return console.warn('SKIPPED: this system does not say whether it has VNNI.')
  expect(saturates).toBe(!exactly)
  if (exactly) console.warn('NOT SHOWN: this processor does not saturate (VNNI, or not x64).')
})
