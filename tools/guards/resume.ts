import { trainRun } from '@mafjs/ner-maf'

// resume.ts FOLDER: goes on with the run of an earlier version that is in a copy of `before`.
process.chdir(process.argv[2]!)
const { validation } = await trainRun({
  ...{ data: 'data', images: 'images', textEncoder: 'bert', randomTextEncoder: true },
  ...{ imageEncoder: 'resnet.safetensors', epochs: 30, batchSize: 2, learningRate: 2e-2, maxLength: 64 },
  ...{ dropout: 0, seed: 3, out: 'run', resume: true, engine: 'tfjs', backend: 'cpu' },
})
console.log(JSON.stringify(validation?.strict.micro))
