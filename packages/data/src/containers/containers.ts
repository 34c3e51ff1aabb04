import { bratPair } from './brat-pair'
import type { Container } from './container'
import { csv } from './csv'
import { jsonArray } from './json-array'
import { parquet } from './parquet'

/** Every kind of file that holds posts otherwise than in lines. */
export const CONTAINERS: readonly Container[] = [jsonArray, bratPair, csv, parquet]

/** The container that a file is: it begins as one, or else its suffix says so; none for a file of lines. */
export function containerOf(file: string, head: string): Container | undefined {
  const name = file.toLowerCase()
  return (
    CONTAINERS.find(({ looksLike }) => looksLike(head)) ??
    CONTAINERS.find(
      ({ suffixes, isOther }) => suffixes.some(suffix => name.endsWith(suffix)) && !isOther?.(head, name),
    )
  )
}
