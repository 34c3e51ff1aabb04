import { writeFileSync } from 'node:fs'
import { assembleKernel, bytesFile } from './wasm/assemble-kernel'
import { kernels } from './wasm/kernels'

// npm run wasm: assembles the kernels of tools/wasm and writes their bytes into the packages that run them.
async function run(): Promise<void> {
  for (const kernel of kernels) {
    const bytes = await assembleKernel(kernel)
    writeFileSync(new URL(`../${kernel.file}`, import.meta.url), bytesFile(kernel, bytes))
    console.log(`${kernel.file}: ${bytes.length} bytes from ${kernel.source}`)
  }
}

await run().catch((error: unknown) => {
  console.error(`FAIL ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
})
