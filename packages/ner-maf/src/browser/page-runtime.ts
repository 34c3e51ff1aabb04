import { type OpenedModel, type OpenWithOptions, openWith } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import type { ExportConfig } from '../export/export-config'
import type { LoadedInPage, SentLoad } from './protocol'

type Runtime = Parameters<typeof openWith>[0]
type Device = LoadedInPage['device']

/** What computes here, and why. */
export interface PageRuntime extends Pick<LoadedInPage, 'device' | 'threads' | 'notes'> {
  open(model: Uint8Array, beside?: OpenWithOptions['beside']): Promise<OpenedModel>
}

/** What is used of WebGPU. */
interface Gpu {
  requestAdapter(): Promise<{ info?: { isFallbackAdapter?: boolean } } | null>
}

/** Why WebGPU is not what computes; nothing where it may. */
async function reasonAgainstGpu(quantization: ExportConfig['quantization']): Promise<string | undefined> {
  const { gpu } = navigator as { gpu?: Gpu }
  if (!gpu) return 'this browser has no WebGPU'
  const adapter = await gpu.requestAdapter().catch(() => null)
  if (!adapter) return 'this browser gives no WebGPU adapter'
  if (adapter.info?.isFallbackAdapter) return 'its WebGPU is computed in software'
  if (quantization !== 'none') return 'int8 is computed by the processor'
  return undefined
}

/** Processors of this machine that threads may share: only where the page is isolated from others. */
const processors = (): number => (globalThis.crossOriginIsolated ? navigator.hardwareConcurrency || 1 : 1)

/** The build with WebGPU is twice as large to download. */
async function importRuntime(device: Device, folder: string | undefined): Promise<Runtime> {
  try {
    if (folder !== undefined) {
      // The words to the bundlers stay in the built file only where they stand before the address itself.
      return (await import(
        /* @vite-ignore */ /* webpackIgnore: true */ new URL(`ort.${device}.bundle.min.mjs`, folder).href
      )) as Runtime
    }
    const runtime: unknown =
      device === 'webgpu' ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm')
    return runtime as Runtime
  } catch (cause) {
    throw new InvalidArgumentError({
      argument: 'runtime',
      rule: 'must be the address of a folder with the files of onnxruntime-web/dist, where no bundler packs them',
      received: `${folder ?? 'nothing'} (${(cause as Error).message})`,
      fix: 'npm install onnxruntime-web, and serve that folder from your own origin.',
    })
  }
}

/**
 * Chooses what computes a model, and loads it.
 *
 * @throws InvalidArgumentError for WebGPU where it was asked for and is not there, threads that cannot be, or files that are missing
 */
export async function pageRuntime(
  {
    device = 'auto',
    threads = processors(),
    runtime: folder,
  }: Pick<SentLoad, 'device' | 'threads' | 'runtime'>,
  { quantization }: Pick<ExportConfig, 'quantization'>,
): Promise<PageRuntime> {
  if (!(Number.isInteger(threads) && threads > 0)) {
    const rule = 'must be a positive whole number'
    throw new InvalidArgumentError({ argument: 'threads', rule, received: threads })
  }
  const notes: string[] = []
  const used = globalThis.crossOriginIsolated ? threads : 1
  if (used < threads) {
    notes.push(`One thread computes, not ${threads}: the page is not isolated from others (COOP and COEP).`)
  }
  const reason = device === 'auto' ? await reasonAgainstGpu(quantization) : undefined
  const chosen = device === 'wasm' || reason !== undefined ? 'wasm' : 'webgpu'
  if (reason !== undefined) notes.push(`WebAssembly computes: ${reason}.`)
  if (device === 'webgpu' && !(navigator as { gpu?: Gpu }).gpu) {
    throw new InvalidArgumentError({
      argument: 'device',
      rule: 'must be wasm or auto here: this browser has no WebGPU',
      received: device,
    })
  }
  const made: PageRuntime = {
    device: chosen,
    threads: used,
    notes,
    async open(model, beside) {
      const runtime = await importRuntime(made.device, folder)
      made.threads = made.device === 'wasm' ? used : 1
      runtime.env.wasm.numThreads = made.threads
      const options = { beside, executionProvider: made.device, threads: made.threads }
      try {
        return await openWith(runtime, model, options)
      } catch (error) {
        if (device !== 'auto' || made.device === 'wasm') throw error
        made.device = 'wasm'
        notes.push(`WebAssembly computes: WebGPU refused the model (${(error as Error).message}).`)
        return made.open(model, beside)
      }
    },
  }
  return made
}
