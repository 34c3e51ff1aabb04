import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, root } from './bundle'
import type { RecordedKernels } from './inside/record-kernels'

// node --conditions=@mafjs/source --import tsx tools/tfjs-suite/collect-kernels.ts: writes kernels.json anew, the
// kernels that must be right, by running what uses them.
const folder = join(root, 'tools/tfjs-suite')
const { path, remove } = await bundle(`import ${JSON.stringify(join(folder, 'inside/record-kernels.ts'))}`)
try {
  const child = fork(path, [], { execArgv: [] })
  const recorded = await new Promise<RecordedKernels>((resolve, reject) => {
    child.on('message', message => resolve(message as RecordedKernels))
    child.on('close', code => reject(new Error(`The programs ended with ${code} before they had run.`)))
  })
  const usersOf: Record<string, string[]> = {}
  for (const [program, kernels] of Object.entries(recorded)) {
    for (const kernel of kernels) usersOf[kernel] = [...(usersOf[kernel] ?? []), program].sort()
  }
  const lines = Object.keys(usersOf)
    .sort()
    .map(kernel => `  ${JSON.stringify(kernel)}: [${usersOf[kernel]!.map(user => `"${user}"`).join(', ')}]`)
  writeFileSync(join(folder, 'kernels.json'), `{\n${lines.join(',\n')}\n}\n`)
  console.log(`${lines.length} kernels`)
} finally {
  remove()
}
