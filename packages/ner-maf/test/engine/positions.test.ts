import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { collate } from '@mafjs/data'
import { tokenizerFromVocab } from '@mafjs/encoders'
import { expect, test } from 'vitest'
import { exportRun } from '../../src/export/export-run'
import { batchArrays } from '../../src/model/batch-arrays'
import { buildMaf } from '../../src/model/build-maf'
import { trainRun } from '../../src/train/train-run'
import { loadPictures, POSTS, tinyMaf, tokenizer } from '../model/tiny'
import { writeTask } from '../train/run-files'
import { compiledProgram, eagerProgram } from './programs'

const VOCABULARY = Object.keys(tokenizer.definition.model.vocab)

test('a text encoder of any number of positions is compiled for all its lengths', async () => {
  await useBackend('cpu')
  for (const maxPositions of [3, 4, 5, 6, 8, 12, 15, 21, 22, 24, 33]) {
    const config = tinyMaf()
    // RoBERTa's table has rows before that of the first position.
    const kind = maxPositions % 2 === 0 ? ('roberta' as const) : ('bert' as const)
    Object.assign(config.textEncoder, { kind, maxPositions, padId: 0 })
    const model = buildMaf(config)
    const compiled = compiledProgram(model)
    const eager = eagerProgram(model)
    for (const maxLength of [maxPositions, 3, Math.ceil((maxPositions + 3) / 2)]) {
      const cut = tokenizerFromVocab(VOCABULARY, { lowercase: true, maxLength })
      // One post that is as long as the model reads, and one that may be shorter.
      const long = { ...POSTS[2]!, words: Array(maxPositions).fill('rob'), labels: undefined }
      const posts = [POSTS[0]!, long]
      const batch = batchArrays(config, collate(posts, { tokenizer: cut }), await loadPictures(posts))
      const [received, expected] = [await compiled.run(batch), await eager.run(batch)]
      const worst = [...received['emissions']!.data].map((value, i) =>
        Math.abs(Number(value) - Number(expected['emissions']!.data[i])),
      )
      expect(Math.max(...worst), `${kind} of ${maxPositions} positions, ${maxLength} read`).toBeLessThan(1e-5)
    }
    await compiled.dispose()
    await eager.dispose()
    model.dispose()
  }
}, 120_000)

test.each([21, 22, 23, 24])(
  'a model of %i positions trains, validates and is exported',
  async maxPositions => {
    const { data, textEncoder, out, folder } = await writeTask({ train: 8, valid: 4, test: 2 }, maxPositions)
    const { training } = await trainRun({
      ...{ data, textEncoder, out, randomTextEncoder: true, epochs: 1, batchSize: 4, maxLength: 16 },
      ...{ engine: 'onnx', threads: 1 },
    })
    expect(training.history).toHaveLength(1)
    const { bytes } = await exportRun({ model: out, out: join(folder, 'export'), threads: 1 })
    expect(bytes).toBeGreaterThan(1000)
  },
)
