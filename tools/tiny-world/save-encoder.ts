import { type ResNetConfig, saveWeights } from '@mafjs/encoders'
import type { Module } from '@mafjs/tensor'
import { type StoredTensor, storeFloat32 } from '@mafjs/tensor/safetensors'

/** Saves an encoder's weights as other programs do, and frees it. @param more what such a file holds besides */
export async function saveEncoder(
  file: string,
  { parameters, dispose }: Pick<Module, 'parameters' | 'dispose'>,
  more: Record<string, StoredTensor> = {},
): Promise<void> {
  const own = Object.entries(parameters()).map(
    ([name, variable]) =>
      [name, storeFloat32(variable.dataSync().slice() as Float32Array, variable.shape)] as const,
  )
  await saveWeights(file, { ...Object.fromEntries(own), ...more })
  dispose()
}

/** A ResNet that any machine computes at once. */
export const TINY_RESNET: ResNetConfig = { kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 2 }
