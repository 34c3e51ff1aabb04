import { findSplitFiles } from '../dataset'
import { isJsonl } from '../formats/read-examples'
import type { SplitterName } from '../posts/split-words'
import { finding } from './findings'
import type { DoctorFile } from './post'
import { readConllPosts } from './read-conll-posts'
import { readJsonlPosts } from './read-jsonl-posts'
import { readSource } from './read-source'

/**
 * Reads every file of a data set for the doctor: whatever is wrong in it is a finding.
 *
 * @param data a folder with train, valid (or dev) and test files, or one file.
 * @param splitter how the texts of JSONL posts become words. @default 'tweet'
 * @throws InvalidArgumentError when the files themselves are missing or doubled.
 */
export async function readPosts(data: string, splitter?: SplitterName): Promise<DoctorFile[]> {
  const files: DoctorFile[] = []
  for (const [split, file] of await findSplitFiles({ data })) {
    const source = await readSource(file)
    const place = { split, file }
    const jsonl = await isJsonl(file, async () => source.lines.map(line => line ?? ''))
    const read = jsonl ? readJsonlPosts(place, source, splitter) : readConllPosts(place, source)
    if (read.posts.length === 0 && !read.findings.some(({ code }) => code === 'not-utf8')) {
      read.findings.push(finding('empty-file', file, undefined, 'holds no post'))
    }
    files.push(read)
  }
  return files
}
