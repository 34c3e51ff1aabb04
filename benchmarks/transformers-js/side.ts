import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Arrays } from '../files/tensor-file'
import { readBatches } from '../ours/read-inputs'
import { serveSide } from '../ours/serve-side'
import type { Work } from '../ours/works'
import type { Settings, WorkSpec } from '../protocol'

// The side of transformers.js, which lies in a folder of its own: `side.ts INSTALLED`.

/** Of `@huggingface/transformers`, what is used here; the workspace does not depend on it. */
interface TransformersJs {
  env: { version: string; localModelPath: string; allowRemoteModels: boolean }
  Tensor: new (type: 'int64', data: BigInt64Array, shape: readonly number[]) => object
  AutoModelForTokenClassification: {
    from_pretrained(
      name: string,
      options: { dtype: 'fp32' | 'q8'; session_options: { intraOpNumThreads: number } },
    ): Promise<(inputs: object) => Promise<{ logits: { data: Float32Array; dims: number[] } }>>
  }
}

const require = createRequire(join(process.argv[2]!, 'package.json'))
const file = join(require.resolve('@huggingface/transformers'), '..', 'transformers.node.mjs')
const { env, Tensor, AutoModelForTokenClassification }: TransformersJs = await import(
  pathToFileURL(file).href
)

/** Token classification on a batch. */
async function loadTagger(
  { kind, model, inputs, precision = 'fp32' }: WorkSpec,
  folder: string,
  { threads }: Settings,
): Promise<Work> {
  if (kind !== 'infer' || model !== 'text') throw new Error('transformers.js tags texts and nothing else.')
  Object.assign(env, { localModelPath: join(folder, 'transformers.js'), allowRemoteModels: false })
  const tagger = await AutoModelForTokenClassification.from_pretrained('tagger', {
    dtype: precision === 'int8' ? 'q8' : 'fp32',
    session_options: { intraOpNumThreads: Number(threads) },
  })
  const { ids, mask } = readBatches(folder, inputs)[0] as Record<'ids' | 'mask', Arrays[string]>
  const tag = () => {
    const tensor = ({ data, shape }: Arrays[string]): object =>
      new Tensor('int64', BigInt64Array.from(data as Int32Array, BigInt), shape)
    const types = { ...ids, data: ids.data.map(() => 0) } as Arrays[string]
    return tagger({ input_ids: tensor(ids), attention_mask: tensor(mask), token_type_ids: tensor(types) })
  }
  return {
    run: tag,
    async compare() {
      const { data, dims } = (await tag()).logits
      const [batch, tokens, labels] = dims as [number, number, number]
      // As ours has them, without those of the special pieces.
      const rows = Array.from({ length: batch }, (_, row) => [
        ...data.subarray((row * tokens + 1) * labels, (row * tokens + tokens - 1) * labels),
      ])
      return { emissions: { shape: [batch, tokens - 2, labels], values: rows.flat() } }
    },
  }
}

await serveSide({
  about: {
    ...{ name: `transformers.js ${env.version}`, node: process.version },
    onnxruntime: require('onnxruntime-node/package.json').version,
  },
  load: ({ work, folder, settings }) => loadTagger(work, folder, settings),
})
