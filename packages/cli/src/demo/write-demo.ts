import { join } from 'node:path'
import { writeDemoCorpus } from '@mafjs/demo-corpus'
import { textEncoderConfigToHuggingFace } from '@mafjs/encoders'
import { writeUnsynced } from '@mafjs/tensor/files'
import { stringify } from 'yaml'
import { createDemoTask, DEMO_PICTURE_SIZE, type DemoSize } from './demo-task'
import { demoImageEncoder, demoSettings, demoTextEncoder } from './demo-variants'

/**
 * Writes the demo's corpus as a data folder that every command reads, with the configurations of the demo's encoders and a
 * `run.yaml` that trains what the demo trains.
 *
 * @throws InvalidArgumentError when the folder is there and not empty.
 */
export async function writeDemo(folder: string, size: DemoSize): Promise<void> {
  const { corpus, tokenizer } = createDemoTask(size)
  const { data, images } = await writeDemoCorpus(folder, corpus, { size: DEMO_PICTURE_SIZE })
  const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
  const {
    seed: _,
    trainable: __,
    ...encoder
  } = demoImageEncoder('cnn', 0) as { seed?: number; trainable?: boolean }
  const { seed, ...settings } = demoSettings(size.epochs, 1)
  const run = {
    data,
    images,
    textEncoder: data,
    randomTextEncoder: true,
    imageEncoder: join(data, 'image-encoder.json'),
    maxLength: tokenizer.maxLength,
    dropout: 0,
    ...settings,
    seed,
  }
  const files = {
    'config.json': json(textEncoderConfigToHuggingFace(demoTextEncoder(tokenizer, 0))),
    'tokenizer_config.json': json({ do_lower_case: false }),
    'image-encoder.json': json({ ...encoder, pictureSize: DEMO_PICTURE_SIZE }),
    'run.yaml': stringify(run),
  }
  for (const [name, content] of Object.entries(files)) await writeUnsynced(join(data, name), content)
}
