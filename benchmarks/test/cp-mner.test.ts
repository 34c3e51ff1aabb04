import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTextEncoderConfig, loadTokenizer } from '@mafjs/encoders'
import { describe, expect, it } from 'vitest'
import { cpMnerCommand } from '../cp-mner/options'
import { writeTextEncoder } from '../cp-mner/text-encoder'

const MODELS = join(import.meta.dirname, '../../../shared/models')
const isHere = existsSync(join(MODELS, 'vocab/bert-base-chinese-vocab.txt'))
if (!isHere) console.warn('SKIPPED: the text encoder of CP-MNER, for want of ../shared/models')

describe('cp-mner', () => {
  it('reads its options and refuses what is no number', () => {
    const read = (...words: string[]) => {
      const command = cpMnerCommand()
        .exitOverride()
        .configureOutput({ writeErr() {} })
      return command.parse(words, { from: 'user' }).opts()
    }
    expect(read('--rates', '5e-4,1e-3')).toMatchObject({ rates: [5e-4, 1e-3], seeds: 2, threads: 1 })
    expect(read().rates).toEqual([])
    expect(() => read('--rates', '1e-3,fast')).toThrow('positive numbers')
    expect(() => read('--seeds', '0')).toThrow('positive whole number')
  })

  it.skipIf(!isHere)('its encoder reads each Chinese character as one token of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maf-cp-mner-'))
    await writeTextEncoder(folder, MODELS)
    const { vocabSize } = await loadTextEncoderConfig(folder)
    const { tokenizer } = await loadTokenizer(folder, { maxLength: 128 })
    expect(tokenizer.vocabSize).toBe(vocabSize)
    const { ids, unknown } = tokenizer.encodeWords([...'山水画，M1'])
    expect(new Set(ids).size).toBe(6 + 2)
    expect(unknown).toEqual([])
    expect([...ids]).not.toContain(tokenizer.specialIds.unk)
    await rm(folder, { recursive: true })
  })
})
