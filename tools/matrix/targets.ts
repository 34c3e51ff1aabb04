import type { Int8Probe } from '@mafjs/compile'
import type { Computed } from './run-subjects'

/** Ways of computing in Node. */
export const NODE_TARGETS = [
  'tfjs cpu',
  'tfjs wasm',
  'tfjs tensorflow',
  'tfjs webgpu, Node',
  'compile, onnxruntime-node cpu',
  'compile, onnxruntime-node webgpu',
] as const

/** Ways of computing in a browser. */
export const BROWSER_TARGETS = [
  'tfjs wasm, Chromium',
  'tfjs webgl, Chromium',
  'tfjs webgpu, Chromium',
  'compile, onnxruntime-web wasm',
  'compile, onnxruntime-web webgpu',
] as const

/** One of {@link NODE_TARGETS}. */
export type NodeTarget = (typeof NODE_TARGETS)[number]

/** One of {@link BROWSER_TARGETS}. */
export type BrowserTarget = (typeof BROWSER_TARGETS)[number]

/** What came of one way of computing. */
export interface TargetResult {
  results: Computed[]
  /** What it ran on, where that can differ. */
  note?: string
  /** What products of bytes come to there, of ONNX Runtime. */
  int8?: Int8Probe
  /** Why it could not be tried at all. */
  missing?: string
}
