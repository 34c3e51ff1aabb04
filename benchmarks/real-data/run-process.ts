import { spawn } from 'node:child_process'

/**
 * Runs a program to its end with its output on ours.
 *
 * @throws Error naming the program and its exit code.
 */
export async function runProcess(program: string, arguments_: readonly string[]): Promise<void> {
  console.log(`$ ${[program, ...arguments_].join(' ')}`)
  const child = spawn(program, arguments_, { stdio: 'inherit' })
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${signal ?? `exit code ${code}`}`)),
    )
  })
}
