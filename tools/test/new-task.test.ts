import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTask } from '../new-task/make-task'
import { linkInstalled } from '../workspace/link-installed'
import { filesBelow } from '../workspace/packages.mjs'
import '../new-task/template/test/template-name.test' // what is made, as it is tested where it is made

const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'maf-new-task-'))
beforeAll(() => {
  for (const file of ['biome.json', '.gitignore']) cpSync(join(root, file), join(scratch, file))
  mkdirSync(join(scratch, 'examples/taken'), { recursive: true })
  linkInstalled(root, scratch)
})
afterAll(() => rmSync(scratch, { recursive: true }))
const { signal } = new AbortController()
const made = () => filesBelow(join(scratch, 'examples'))

test.each([
  ['', 'must be kebab-case'],
  ['../mood', 'must be kebab-case'],
  ['taken', 'must be free; examples/taken exists'],
])('the name %j is refused', async (name, rule) => {
  await expect(makeTask({ root: scratch, name, signal })).rejects.toThrow(`NAME ${rule}`)
  expect(made()).toEqual([])
})

test('a task is its file and its test; where a step fails, nothing is left', async () => {
  const config = readFileSync(join(scratch, 'biome.json'), 'utf8')
  writeFileSync(join(scratch, 'biome.json'), '{')
  await expect(makeTask({ root: scratch, name: 'mood', signal })).rejects.toThrow(/biome/)
  expect(made()).toEqual([])
  writeFileSync(join(scratch, 'biome.json'), config)

  const paths = await makeTask({ root: scratch, name: 'mood', signal })
  expect(paths).toEqual(['examples/mood/main.ts', 'examples/mood/test/mood.test.ts'])
  const template = readFileSync(join(root, 'tools/new-task/template/main.ts'), 'utf8')
  expect(readFileSync(join(scratch, paths[0]!), 'utf8')).toBe(template.replace('template-name', 'mood'))
})
