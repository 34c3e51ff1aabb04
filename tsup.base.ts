import { defineConfig, type Options } from 'tsup'

/**
 * The one build recipe of every package. `skipNodeModulesBundle` is what keeps an undeclared import
 * from being inlined silently; publint and attw do not notice such a bundle.
 */
export function buildPackage(entry: Record<string, string>, options: Partial<Options> = {}) {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    dts: true,
    clean: true,
    sourcemap: true,
    splitting: true,
    treeshake: true,
    skipNodeModulesBundle: true,
    tsconfig: 'tsconfig.build.json',
    ...options,
  })
}
