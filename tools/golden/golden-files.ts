import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readSafetensors, type StoredTensor, toFloat32 } from '@mafjs/tensor'

/** What a golden folder or file checks. */
export type GoldenKind = 'model' | 'crf' | 'scorer' | 'resnet'

/** One golden folder (or, for the scorer, file) found under a directory. */
export interface GoldenFolder {
  kind: GoldenKind
  path: string
}

const MARKERS: Record<string, GoldenKind> = {
  'expected.json': 'model',
  'crf.json': 'crf',
  'eval.json': 'scorer',
  'resnet.json': 'resnet',
}

/** Every golden folder under a directory, the directory itself included. */
export function findGoldenFolders(directory: string): GoldenFolder[] {
  const here = readdirSync(directory).sort()
  const own = here.flatMap(name => {
    const kind = MARKERS[basename(name)]
    if (!kind) return []
    return [{ kind, path: kind === 'scorer' ? join(directory, name) : directory }]
  })
  const below = here
    .map(name => join(directory, name))
    .filter(path => statSync(path).isDirectory())
    .flatMap(findGoldenFolders)
  return [...own, ...below]
}

/** A safetensors file whose tensors remember whether they were read, so that none goes unnoticed. */
export interface TrackedTensors {
  names: string[]
  shape(name: string): number[]
  /** The values as float32; marks the tensor as used. */
  values(name: string): Float32Array
  /** Marks a tensor as left out on purpose. */
  leaveOut(name: string): void
  /** Names that were neither read nor left out. */
  unmatched(): string[]
  leftOut(): string[]
}

/** Opens a safetensors file for tracked reading. */
export function openTracked(path: string): TrackedTensors {
  const { tensors } = readSafetensors(readFileSync(path), path)
  const used = new Set<string>()
  const out = new Set<string>()
  const stored = (name: string): StoredTensor => {
    const tensor = tensors[name]
    if (!tensor) throw new Error(`${path} holds no tensor "${name}".`)
    return tensor
  }
  return {
    names: Object.keys(tensors),
    shape: name => stored(name).shape,
    values: name => {
      used.add(name)
      return toFloat32(stored(name))
    },
    leaveOut: name => {
      out.add(name)
    },
    unmatched: () => Object.keys(tensors).filter(name => !used.has(name) && !out.has(name)),
    leftOut: () => [...out],
  }
}

/** Reads a JSON file of a golden folder. */
export const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T

/** Where the golden files are when no folder is named: beside the project, else the committed fixtures. */
export function defaultGoldenFolder(root: string): { path: string; complete: boolean } {
  const shared = join(root, '../shared/golden')
  return existsSync(shared)
    ? { path: shared, complete: true }
    : { path: join(root, 'packages/ner-maf/test/fixtures/golden'), complete: false }
}
