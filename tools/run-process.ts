import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * Runs a program to its end with its output on ours.
 *
 * @throws Error naming the program and its exit code.
 */
export async function runProcess(program: string, words: readonly string[]): Promise<void> {
  console.log(`$ ${[program, ...words].join(' ')}`)
  const child = spawn(program, words, { stdio: 'inherit' })
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${signal ?? `exit code ${code}`}`)),
    )
  })
}

/** Runs a command of `ner-maf` from its source; an option without a value is a flag, one of `undefined` or false is none. */
export function runNerMaf(
  command: string,
  options: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const words = Object.entries(options).flatMap(([name, value]) => {
    if (value === undefined || value === false) return []
    return [`--${name}`, ...(value === true ? [] : [value].flat().map(String))]
  })
  return runProcess('npm', ['run', '--silent', '--prefix', root, 'ner-maf', '--', command, ...words])
}
