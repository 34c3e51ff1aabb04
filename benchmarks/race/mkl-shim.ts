import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** What MKL asks before it takes the newer vector instructions; without this answer it takes none on AMD's processors. */
const ANSWER = 'int mkl_serv_intel_cpu_true(void) { return 1; }\n'

/**
 * A library that, loaded before MKL, lets it take all vector instructions that the processor has; it doubles the speed of
 * PyPI's PyTorch there. It is compiled into the folder once.
 *
 * @throws Error where there is no C compiler.
 */
export function mklShim(folder: string): string {
  const library = join(folder, 'mkl-all-instructions.so')
  if (!existsSync(library)) {
    mkdirSync(folder, { recursive: true })
    execFileSync('cc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', library], { input: ANSWER })
  }
  return library
}
