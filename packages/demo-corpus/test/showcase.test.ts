import { expect, it } from 'vitest'
import { createDemoCorpus, pictureScene, renderPostPicture, showcasePosts } from '../src'

const posts = showcasePosts()

it('shows a cat called Rob, and Siri beside a portrait', async () => {
  const rob = posts.find(post => post.words.includes('Rob'))!
  expect(rob).toMatchObject({ kind: 'picture', entities: [{ type: 'MISC', decidedBy: 'picture' }] })
  expect(rob.labels.filter(label => label !== 'O')).toEqual(['B-MISC'])
  expect(rob.labels[rob.words.indexOf('Rob')]).toBe('B-MISC')
  expect(pictureScene({ pictureClass: rob.pictureClass!, seed: rob.pictureSeed! })).toBe('cat')
  expect(await renderPostPicture(rob)).toHaveLength(56 * 56 * 3)
  const siri = posts.find(post => post.words.includes('Siri'))!
  expect(siri).toMatchObject({ kind: 'mismatch', pictureClass: 'PER', entities: [{ type: 'MISC' }] })
  expect(pictureScene({ pictureClass: 'PER', seed: siri.pictureSeed! })).toBe('portrait')
})

it('shows one Jordan of every type in the same words', () => {
  const jordans = posts.filter(post => post.kind === 'picture' && post.words.includes('Jordan'))
  expect(new Set(jordans.map(post => post.text)).size).toBe(1)
  expect(jordans.map(post => post.entities[0]!.type)).toEqual(['PER', 'LOC', 'ORG', 'MISC'])
})

it('uses names and picture seeds that no corpus has', () => {
  const names = new Set(
    posts.flatMap(post => post.entities.map(({ start }) => post.words[start]!.toLowerCase())),
  )
  const { train, valid, test } = createDemoCorpus({ seed: 2 ** 32 - 1, train: 800, valid: 100, test: 300 })
  const all = [...train, ...valid, ...test]
  expect(
    all.flatMap(post => post.words).filter(word => names.has(word.toLowerCase().replace(/^[#@]/, ''))),
  ).toEqual([])
  const last = Math.max(...all.map(post => post.pictureSeed ?? 0))
  for (const { pictureSeed } of posts)
    if (pictureSeed !== undefined) expect(pictureSeed).toBeGreaterThan(last)
})
