import type { LongTextOptions } from '@mafjs/data'
import type { DownloadProgress } from './protocol'

/** What may compute in a page. */
export const DEVICES = ['auto', 'webgpu', 'wasm'] as const

/** How a model is loaded in a page. */
export interface PageOptions extends LongTextOptions {
  /**
   * What computes. `auto`: WebGPU where the browser has a real one and the model is float32, else `wasm`; the reason stands in `notes`.
   * @default 'auto'
   */
  device?: (typeof DEVICES)[number] | undefined
  /**
   * Threads of `wasm`; beside WebGPU there is one. More than one need a page that is isolated from others (COOP and COEP).
   * @default one for each processor where the page is isolated, else 1
   */
  threads?: number | undefined
  /** Whether files are kept for the next visit, under their digest. @default true */
  cache?: boolean | undefined
  /** Is told how far the download is. @default nobody is */
  onProgress?: ((progress: DownloadProgress) => void) | undefined
  /** Ends loading, with its reason. @default nothing does */
  signal?: AbortSignal | undefined
  /**
   * The address of a folder with the files of `onnxruntime-web/dist`.
   * @default what the bundler made of `import('onnxruntime-web/wasm')`
   */
  runtime?: string | URL | undefined
  /** The address of the worker's script. @default `browser-worker.js` beside this module */
  worker?: string | URL | undefined
  /** The most pixels a picture may have. @default PIXEL_LIMIT of `@mafjs/encoders` */
  pixelLimit?: number | undefined
}
