import { conll } from './conll'
import type { Format, WritingFormat } from './format'
import { jsonl } from './jsonl'

/** What posts of a file are written in again: its own format where that is of posts in lines, else JSONL. */
export const writingFormat = (file: { format: Format; container?: string | undefined }): WritingFormat =>
  (file.container === undefined && [conll, jsonl].find(({ name }) => name === file.format.name)) || jsonl
