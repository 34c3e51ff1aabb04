import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// npm run example NAME -- OPTIONS: runs NAME/main.ts as a process of its own; without a name, lists them.
const fileOf = (name: string): string => fileURLToPath(new URL(`${name}/main.ts`, import.meta.url))
const names = readdirSync(new URL('.', import.meta.url)).filter(name => existsSync(fileOf(name)))

const [name = '', ...options] = process.argv.slice(2)
if (names.includes(name)) {
  const example = spawn(process.execPath, [...process.execArgv, fileOf(name), ...options], {
    stdio: 'inherit',
  })
  example.on('exit', code => {
    process.exitCode = code ?? 1
  })
} else {
  console.error(`npm run example NAME, where NAME is one of: ${names.join(', ')}`)
  process.exitCode = 2
}
