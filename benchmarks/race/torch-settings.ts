import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings, SideDescription } from '../protocol'
import type { Group } from './rows'

/** Everything as PyTorch is without being told anything but the number of threads; `default` leaves a thing as it is. */
export const PLAIN_SETTINGS = {
  threads: 2,
  /** Or bf16. */
  precision: 'fp32',
  /** Folder of another BLAS library. */
  blas: 'default',
  /** Whether MKL, where that is the BLAS library, takes all vector instructions on processors of another maker too. */
  mkl: 'default',
  /** The processor OpenBLAS shall take this one for: an older one does not know newer processors. */
  coreType: 'default',
  /** The vector instructions of PyTorch's own kernels. */
  capability: 'default',
  /** How OpenMP's threads wait for work. */
  wait: 'default',
  /** Whether freed memory is given back to the system; taking it anew at every step costs page faults. */
  memory: 'default',
  /** Order of a picture's axes in memory. */
  layout: 'contiguous',
  /** Attention written out, or PyTorch's fused one. */
  attention: 'plain',
  compile: 'eager',
}

/** What a PyTorch process runs under. */
export type TorchSettings = typeof PLAIN_SETTINGS

/** One setting and the values that are tried for it. */
export interface Axis {
  setting: keyof TorchSettings
  values: readonly (string | number)[]
}

/** Folders with a BLAS library of their own, as Debian installs its flavours of OpenBLAS. */
function blasFolders(root = '/usr/lib'): string[] {
  const inside = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => join(folder, entry.name))
  const folders = existsSync(root) ? inside(root).flatMap(inside) : []
  return folders.filter(folder => existsSync(join(folder, 'libblas.so.3')))
}

/** The settings to be tried for a group of works, in the order they are tried. */
export function settingAxes(group: Group, torch: SideDescription, flags: readonly string[]): Axis[] {
  const wide = flags.includes('avx512f')
  const axes: Axis[] = [{ setting: 'wait', values: ['default', 'active', 'passive', 'spin 10000000'] }]
  if (torch['mkl']) axes.push({ setting: 'mkl', values: ['default', 'all instructions'] })
  else {
    axes.push(
      { setting: 'blas', values: ['default', ...blasFolders()] },
      { setting: 'coreType', values: ['default', 'Haswell', 'Zen', ...(wide ? ['SkylakeX'] : [])] },
    )
  }
  if (wide) axes.push({ setting: 'capability', values: ['default', 'avx512'] })
  axes.push({ setting: 'memory', values: ['default', 'kept', 'kept, huge pages'] })
  if (group !== 'losses') axes.push({ setting: 'layout', values: ['contiguous', 'channelsLast'] })
  if (group !== 'losses' && group !== 'convolutions') {
    if (torch['fusedAttention']) axes.push({ setting: 'attention', values: ['plain', 'fused'] })
    if (torch['compile']) axes.push({ setting: 'compile', values: ['eager', 'inductor'] })
  }
  axes.push({ setting: 'threads', values: [2, 1] })
  return axes
}

/** What MKL asks before it takes the newer vector instructions; without this answer it takes none on AMD's processors. */
const ANSWER = 'int mkl_serv_intel_cpu_true(void) { return 1; }\n'

/**
 * A library that, loaded before MKL, lets it take all vector instructions that the processor has; it doubles the speed of
 * PyPI's PyTorch there. It is compiled into the folder once.
 *
 * @throws Error where there is no C compiler.
 */
function mklShim(folder: string): string {
  const library = join(folder, 'mkl-all-instructions.so')
  if (!existsSync(library)) {
    mkdirSync(folder, { recursive: true })
    execFileSync('cc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', library], { input: ANSWER })
  }
  return library
}

const KEPT = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '17179869184' }

const WAITS: Record<string, Record<string, string>> = {
  default: {},
  active: { OMP_WAIT_POLICY: 'active' },
  passive: { OMP_WAIT_POLICY: 'passive' },
  'spin 10000000': { GOMP_SPINCOUNT: '10000000' },
}

const MEMORIES: Record<string, Record<string, string>> = {
  default: {},
  kept: KEPT,
  'kept, huge pages': { ...KEPT, GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1', THP_MEM_ALLOC_ENABLE: '1' },
}

/** The environment that makes a process run under some settings; `cache` is a folder for what that needs. */
export function environmentOf(settings: TorchSettings, cache: string): Record<string, string> {
  const threads = String(settings.threads)
  const { blas, mkl, coreType, capability, wait, memory } = settings
  return {
    OMP_NUM_THREADS: threads,
    OPENBLAS_NUM_THREADS: threads,
    MKL_NUM_THREADS: threads,
    TORCHINDUCTOR_CACHE_DIR: cache,
    ...(blas !== 'default' && { LD_LIBRARY_PATH: blas }),
    ...(mkl !== 'default' && { LD_PRELOAD: mklShim(cache) }),
    ...(coreType !== 'default' && { OPENBLAS_CORETYPE: coreType }),
    ...(capability !== 'default' && { ATEN_CPU_CAPABILITY: capability }),
    ...WAITS[wait],
    ...MEMORIES[memory],
  }
}

/** The settings that are not as they are by default, for people; folders by their name alone. */
export function describeSettings(settings: Settings, plain: Settings = PLAIN_SETTINGS): string {
  const changed = Object.entries(settings).filter(([name, value]) => value !== plain[name])
  const shown = changed.map(([name, value]) => `${name} ${String(value).split('/').at(-1)}`)
  return shown.join(', ') || 'defaults'
}
