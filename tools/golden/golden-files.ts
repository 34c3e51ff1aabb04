import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readSafetensors, type StoredTensor, toFloat32 } from '@mafjs/tensor/safetensors'

/** What a golden folder or file checks. */
export type GoldenKind = 'model' | 'crf' | 'scorer' | 'resnet'

/** One golden folder (or, for the scorer, file) found under a directory. */
export interface GoldenFolder {
  kind: GoldenKind
  path: string
}

/** The JSON file that makes a folder golden, and the tensor files that belong to it. */
const MARKERS: Record<string, { kind: GoldenKind; tensors: readonly string[] }> = {
  'expected.json': { kind: 'model', tensors: ['weights', 'inputs', 'expected', 'grads'] },
  'crf.json': { kind: 'crf', tensors: ['crf'] },
  'eval.json': { kind: 'scorer', tensors: [] },
  'resnet.json': { kind: 'resnet', tensors: ['resnet'] },
}

/** What lies under a directory, the directory itself included. */
export interface GoldenTree {
  folders: GoldenFolder[]
  /** Tensor files that no golden folder reads: nothing in them would be compared. */
  strays: string[]
}

/**
 * Every golden folder and every stray tensor file under a directory.
 *
 * @throws Error for what is no readable directory.
 */
export function findGolden(directory: string): GoldenTree {
  const here = readdirSync(directory).sort()
  const found = here.flatMap(name => (Object.hasOwn(MARKERS, name) ? [{ name, ...MARKERS[name]! }] : []))
  const read = found.flatMap(({ tensors }) => tensors.map(name => `${name}.safetensors`))
  const strays = here.filter(name => name.endsWith('.safetensors') && !read.includes(name))
  const below = here
    .map(name => join(directory, name))
    .filter(path => statSync(path, { throwIfNoEntry: false })?.isDirectory())
    .map(findGolden)
  return {
    folders: [
      ...found.map(({ name, kind }) => ({
        kind,
        path: kind === 'scorer' ? join(directory, name) : directory,
      })),
      ...below.flatMap(({ folders }) => folders),
    ],
    strays: [...strays.map(name => join(directory, name)), ...below.flatMap(tree => tree.strays)],
  }
}

/** A safetensors file whose tensors remember whether they were read, so that none goes unnoticed. */
export interface TrackedTensors {
  names: string[]
  shape(name: string): number[]
  /** The values as float32; marks the tensor as used. */
  values(name: string): Float32Array
  /** Shape and values; marks the tensor as used. */
  tensor(name: string): { shape: number[]; values: Float32Array }
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
  const values = (name: string): Float32Array => {
    used.add(name)
    return toFloat32(stored(name))
  }
  return {
    names: Object.keys(tensors),
    shape: name => stored(name).shape,
    values,
    tensor: name => ({ shape: stored(name).shape, values: values(name) }),
    leaveOut: name => {
      out.add(name)
    },
    unmatched: () => Object.keys(tensors).filter(name => !used.has(name) && !out.has(name)),
    leftOut: () => [...out],
  }
}

/**
 * Reads a JSON file of a golden folder.
 *
 * @throws Error naming a file that is missing or no JSON.
 */
export function readJson<T>(path: string): T {
  const text = readFileSync(path, 'utf8')
  try {
    return JSON.parse(text) as T
  } catch (error) {
    throw new Error(`${path} is no JSON: ${(error as Error).message}.`)
  }
}

/**
 * Reads a JSON file that holds a list of cases.
 *
 * @throws Error naming a file that holds something else.
 */
export function readCases<T>(path: string): T[] {
  const cases = readJson<T[]>(path)
  if (Array.isArray(cases)) return cases
  throw new Error(`${path} must hold a list of cases.`)
}

/** Where the golden files are when no folder is named: beside the project, else the committed fixtures. */
export function defaultGoldenFolder(root: string): { path: string; complete: boolean } {
  const shared = join(root, '../shared/golden')
  return existsSync(shared)
    ? { path: shared, complete: true }
    : { path: join(root, 'packages/ner-maf/test/fixtures/golden'), complete: false }
}
