import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { folderPath, readTextIfThere, recoverFolder, swapPlaces, writeSynced } from '@mafjs/tensor/files'

/** By what a file of ours is known, of each suffix. */
const MARKS = { '.html': 'content="@mafjs/explain"', '.json': '"whatIf":' }

/** How a page is asked for. */
export interface PageFiles {
  out: string
  /** Replaces a page that is there already. @default false */
  overwrite?: boolean | undefined
  /** What the file was given as, for errors. @default 'out' */
  argument?: string | undefined
  /** Whether JSON is written beside it. @default false */
  withJson?: boolean | undefined
}

/**
 * Checks, before any work is done for it, that a page may be written.
 *
 * @returns the paths of the page and of the JSON beside it
 * @throws InvalidArgumentError for a name without .html, a file that is there, and, with `overwrite`,
 * one that is no page of ours.
 */
export async function pagePaths({
  out,
  overwrite = false,
  argument = 'out',
  withJson = false,
}: PageFiles): Promise<{ page: string; json: string }> {
  if (!/[^/\\]\.html$/.test(out)) {
    const fix = `Call it ${out.replace(/\.[^./\\]*$/, '') || 'page'}.html.`
    throw new InvalidArgumentError({
      argument,
      rule: 'must be the name of an .html file',
      received: out,
      fix,
    })
  }
  const page = await folderPath(out)
  const paths = { page, json: page.replace(/html$/, 'json') }
  for (const path of withJson ? [paths.page, paths.json] : [paths.page]) {
    await recoverFolder(path)
    const there = await readTextIfThere(path, 'Choose another name.')
    if (there === undefined) continue
    const received = path === page ? out : out.replace(/html$/, 'json')
    if (!overwrite) {
      const fix = 'Choose another name, or replace it with overwrite: true.'
      throw new InvalidArgumentError({ argument, rule: 'must not exist yet', received, fix })
    }
    if (there.includes(MARKS[path === page ? '.html' : '.json'])) continue
    throw new InvalidArgumentError({
      argument: 'overwrite',
      rule: 'replaces only what this command has written',
      received: `${received}, which is something else`,
      fix: 'Choose another name, or remove this file yourself.',
    })
  }
  return paths
}

/** Writes files, each whole or not at all, after all of them are on the disk. */
export async function writeFiles(contents: ReadonlyMap<string, string>): Promise<void> {
  const asides = [...contents.keys()].map(path => ({ path, partial: swapPlaces(path).partial }))
  try {
    for (const { path, partial } of asides) {
      await mkdir(dirname(path), { recursive: true })
      await writeSynced(partial, contents.get(path)!)
    }
    for (const { path, partial } of asides) await rename(partial, path)
  } catch (error) {
    for (const { partial } of asides) await rm(partial, { force: true })
    throw error
  }
}
