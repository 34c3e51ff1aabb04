import { isObject, parseJson } from './records'

/** Files that are not read, by how they begin (a byte is a sign), and the way out. */
const FILES: readonly [name: string, beginnings: readonly string[], fix: string][] = [
  ['a ZIP archive', ['PK\x03\x04'], 'Unpack it first; a table of Excel is to be saved as CSV.'],
  ['a gzip archive', ['\x1f\x8b'], 'Unpack it first.'],
  ['an Arrow file', ['ARROW1', '\xff\xff\xff\xff'], 'Write it as Parquet (Dataset.to_parquet).'],
  ['a DocBin of spaCy', ['x\x01', 'x\x9c', 'x\xda'], 'Write each document as a line of JSON (Doc.to_json).'],
  [
    'a pickle of Python',
    ['\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'],
    'Write it as JSONL, CSV or Parquet.',
  ],
  ['XML', ['<?xml', '<!DOCTYPE', '<html', '<xmi:XMI'], 'Export it as CoNLL or JSON.'],
  ['WebAnno TSV', ['#FORMAT=WebAnno'], 'Export it as CoNLL 2002.'],
]

/** What a file surely is that is not read, and the way out. */
export function unreadFile(bytes: Uint8Array): { name: string; fix: string } | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 256)).replace(/^\xef\xbb\xbf/, '')
  const [name, , fix] =
    FILES.find(([, beginnings]) => beginnings.some(begin => head.trimStart().startsWith(begin))) ?? []
  return name === undefined || fix === undefined ? undefined : { name, fix }
}

/** Objects of tools that are not read, by the fields that they alone have. */
const OBJECTS: readonly [name: string, is: (fields: Record<string, unknown>) => boolean][] = [
  ['CLUENER', ({ label }) => isObject(label)],
  ['training data of spaCy 2', ({ paragraphs }) => Array.isArray(paragraphs)],
  ['DyGIE++', ({ sentences, ner }) => Array.isArray(sentences) && Array.isArray(ner)],
  ['GLiNER', ({ tokenized_text: words }) => words !== undefined],
  ['Dataturks', ({ content, annotation }) => typeof content === 'string' && annotation !== undefined],
  ['Argilla', ({ prediction, annotation }) => prediction !== undefined || Array.isArray(annotation)],
  ['Labelbox', ({ data_row: row }) => row !== undefined],
]

/** The tool whose format lines of JSON resemble, where it is not read. */
export function resembledTool(lines: readonly (string | undefined)[]): string | undefined {
  const { value } = parseJson(lines.find(line => line?.trim()) ?? '')
  return isObject(value) ? OBJECTS.find(([, is]) => is(value))?.[0] : undefined
}
