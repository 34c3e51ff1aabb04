import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { doctorRun } from '../../src/doctor/doctor-run'
import { folderWith } from '../files'

const DATA = resolve(import.meta.dirname, '../../../../../shared/data')
const SPLITS = ['train', 'valid', 'test']

/** Tests on data that lies beside the project, and is skipped, saying so, where it does not. */
const describeWith = (folder: string, body: (folder: string) => void): void => {
  const path = join(DATA, folder)
  if (existsSync(path)) {
    describe(folder, () => body(path))
    return
  }
  console.warn(`SKIPPED: ../shared/data/${folder} is absent, the doctor does not see it`)
  describe.skip(`${folder} (../shared/data/${folder} is absent)`, () => it('examines it', () => {}))
}

// I- after no entity of its type, counted over the lines of the files by awk.
const ORPHANS = { twitter2015: 374, twitter2017: 0 }
for (const [folder, orphans] of Object.entries(ORPHANS)) {
  describeWith(folder, path => {
    const name = folder.replace('twitter', 'Twitter-')

    it('is named, and its orphans are counted', async () => {
      const { splits, findings } = await doctorRun({ data: path })
      expect(splits.map(({ known }) => known)).toEqual(
        SPLITS.map(split => ({ name: `${name} ${split}`, isPublished: true, differences: [] })),
      )
      expect(findings.filter(({ code }) => code === 'orphan-inside')).toHaveLength(orphans)
      expect(findings.filter(({ severity }) => severity === 'error')).toHaveLength(orphans)
    })

    it('is called edited when one label is another', async () => {
      const text = await readFile(join(path, 'test.txt'), 'utf8')
      const data = await folderWith()
      await writeFile(join(data, 'test.txt'), text.replace('\tB-LOC', '\tB-ORG'))
      const { splits, findings } = await doctorRun({ data })
      expect(splits[0]!.known).toMatchObject({ name: `${name} test`, isPublished: false })
      expect(findings.find(({ code }) => code === 'edited-data-set')!.message).toMatch(/LOC .*ORG/)
    })
  })
}

describeWith('twitter-mner-38', path => {
  it('has four pictures of another format than their suffix says, and none that is broken', async () => {
    const data = join(path, 'twitter2015')
    const { findings } = await doctorRun({ data, images: join(path, 'images') })
    const count = (code: string): number => findings.filter(one => one.code === code).length
    expect(['mislabelled-picture', 'broken-picture', 'missing-picture'].map(count)).toEqual([4, 0, 0])
  })
})
