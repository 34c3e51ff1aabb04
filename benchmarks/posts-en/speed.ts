import { statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { loadMaf } from '@mafjs/ner-maf'

/** How long a model takes for posts. */
export interface Speed {
  threads: number
  posts: number
  /** Posts a second, many at once. */
  postsPerSecond: number
  /** Processor seconds for each of them. */
  processor: number
  /** Median milliseconds for one post alone. */
  single: number
}

/** The bytes of a folder's files. */
export async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder)
  return names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

/** Measures a model on texts, with one thread, in this process. */
export async function speedOf(model: string, texts: readonly string[]): Promise<Speed> {
  const threads = 1
  const maf = await loadMaf(model, { engine: 'onnx', threads })
  try {
    await maf.annotate({ text: texts[0]! })
    const before = process.cpuUsage()
    const start = performance.now()
    for await (const result of maf.annotateMany(texts.map(text => ({ text }))))
      if ('error' in result) throw result.error
    const seconds = (performance.now() - start) / 1000
    const { user, system } = process.cpuUsage(before)
    const single: number[] = []
    for (const text of texts.slice(0, 100)) {
      const begin = performance.now()
      await maf.annotate({ text })
      single.push(performance.now() - begin)
    }
    return {
      ...{ threads, posts: texts.length, postsPerSecond: texts.length / seconds },
      ...{ processor: (user + system) / 1e6 / texts.length, single: single.sort((a, b) => a - b)[50]! },
    }
  } finally {
    await maf.dispose()
  }
}
