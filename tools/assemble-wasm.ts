import { writeFileSync } from 'node:fs'
import { assembleKernel, bytesFile, kernels } from './wasm/kernels'

// npm run wasm: assembles the kernels of tools/wasm and writes their bytes into the packages that run them.
for (const kernel of kernels) {
  const bytes = await assembleKernel(kernel)
  writeFileSync(new URL(`../${kernel.file}`, import.meta.url), bytesFile(kernel, bytes))
  console.log(`${kernel.file}: ${bytes.length} bytes from ${kernel.source}`)
}
