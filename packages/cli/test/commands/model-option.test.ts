import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { expect, onTestFinished, test } from 'vitest'
import { writeTinyCheckpoint } from '../../../ner-maf/test/checkpoint/tiny-checkpoint'
import { modelOrShipped, SHIPPED_MODEL } from '../../src/commands/model-option'
import { here } from './command'

test('without a name the shipped model is used where it is installed; else an error says what to install', async () => {
  await useBackend('cpu')
  const root = await realpath(await mkdtemp(join(tmpdir(), 'maf-shipped-')))
  onTestFinished(() => rm(root, { recursive: true }))
  const place = join(root, 'node_modules', SHIPPED_MODEL)
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'package.json'), JSON.stringify({ name: SHIPPED_MODEL, version: '9.9.9' }))
  await writeTinyCheckpoint(join(place, 'model'), { pictures: false })
  const before = process.cwd()
  onTestFinished(() => process.chdir(before))
  process.chdir(root)
  const asked = ['--backend', 'cpu', '--text', 'kevin loves paris', '--json']
  const { code, stdout, stderr } = await here('predict', ...asked)
  expect([code, stderr]).toEqual([0, expect.stringContaining(`No model was named: ${SHIPPED_MODEL}, for `)])
  expect(JSON.parse(stdout)).toHaveProperty('entities')
  await expect(modelOrShipped(undefined, '@mafjs/model-of-nobody')).rejects.toThrow(
    /model must be named, .*Received: no name, and no such package here.*npm install @mafjs\/model-of-nobody/,
  )
  expect(await modelOrShipped('other')).toBe('other')
})
