import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Writing, writeOrUndo } from '../new-module/write-or-undo'

/** What is made, and where. */
export interface NewTask extends Pick<Writing, 'root' | 'signal'> {
  /** In kebab-case: the folder among the examples. */
  name: string
}

const template = fileURLToPath(new URL('template', import.meta.url))

/**
 * Makes a runnable task of one file, with its test, among the examples. Where anything fails, all is as it was.
 *
 * @returns the paths of what is new, from the root
 * @throws Error for a name that is not in kebab-case or taken, or with what a tool printed that failed.
 */
export async function makeTask({ root, name, signal }: NewTask): Promise<string[]> {
  const folder = `examples/${name}`
  const refuse = (rule: string): never => {
    throw new Error(`NAME must ${rule}. Received: ${name === '' ? 'nothing' : name}.`)
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
    refuse('be kebab-case: small letters, digits, single hyphens')
  if (['test', 'out-tsc'].includes(name)) refuse('not be the name of a folder of tests or of built files')
  if (existsSync(join(root, folder))) refuse(`be free; ${folder} exists`)
  const text = (path: string): string => readFileSync(join(template, path), 'utf8')
  const files = {
    [`${folder}/main.ts`]: text('main.ts').replaceAll('template-name', name),
    [`${folder}/test/${name}.test.ts`]: text('test/template-name.test.ts'),
  }
  return writeOrUndo({ root, folder, files, signal })
}
