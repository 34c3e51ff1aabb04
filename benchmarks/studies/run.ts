import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { studyCleaning } from './clean-pairs'
import { studyRetrieval } from './retrieval'
import { formatStudy } from './study'
import { drawnPairs, realPairs } from './study-pairs'

const USAGE = `npm run study NAME [-- options], where NAME is retrieval or clean-pairs
Compares an example with its baselines, on pairs that are drawn, or on those of a folder such as MVSA's.
  --data DIR            NAME.txt beside NAME.jpg
  --text-encoder NAME   frozen: a folder in Hugging Face's layout or a name on the hub; needed with --data
  --image-encoder NAME  frozen: a folder or file, of an .onnx file its output features; needed with --data
  --epochs N            passes over the training pairs (default: the example's)
  --seeds N             runs that mean and deviation are taken over (default 5)`

const STUDIES = { retrieval: studyRetrieval, 'clean-pairs': studyCleaning }

const text = { type: 'string' } as const
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: text, 'text-encoder': text, 'image-encoder': text, epochs: text, seeds: text },
})
const study = Object.entries(STUDIES).find(([name]) => name === positionals[0])?.[1]
const { data, 'text-encoder': textEncoder, 'image-encoder': imageEncoder } = values
if (!study || (data !== undefined && (!textEncoder || !imageEncoder))) {
  console.error(USAGE)
  process.exitCode = 2
} else {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const result = await study({
    engine,
    real:
      data === undefined
        ? undefined
        : await realPairs({ folder: data, textEncoder: textEncoder!, imageEncoder: imageEncoder!, engine }),
    drawn: drawnPairs,
    epochs: values.epochs === undefined ? undefined : Number(values.epochs),
    seeds: Array.from({ length: Number(values.seeds ?? 5) }, (_, seed) => seed),
  })
  console.log(formatStudy(result))
}
