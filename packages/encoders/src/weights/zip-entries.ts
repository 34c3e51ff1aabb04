import { ByteCursor } from './byte-cursor'
import type { Refuse } from './refusal'

const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END = 0x06054b50
const END_ZIP64 = 0x06064b50
const END_ZIP64_LOCATOR = 0x07064b50
const END_BYTES = 22
const LOCATOR_BYTES = 20
const MAX_COMMENT_BYTES = 0xffff
const ZIP64_EXTRA = 0x0001
/** A state dict has one entry for each storage. */
const MAX_ENTRIES = 2 ** 17
/** In a 32-bit field: the value is in the ZIP64 record instead. */
const ELSEWHERE = 0xffffffff

interface CentralDirectory {
  start: number
  bytes: number
}

/** Finds the end record from the back, since a comment of any length may follow it. */
function findDirectory(file: Uint8Array, refuse: Refuse): CentralDirectory {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const lowest = Math.max(0, file.length - END_BYTES - MAX_COMMENT_BYTES)
  let end = file.length - END_BYTES
  while (end >= lowest && view.getUint32(end, true) !== END) end--
  if (end < lowest) return refuse('must end with the directory of a zip file', 'none: the file is cut off')
  const classic = { bytes: view.getUint32(end + 12, true), start: view.getUint32(end + 16, true) }
  const locator = end - LOCATOR_BYTES
  if (locator < 0 || view.getUint32(locator, true) !== END_ZIP64_LOCATOR) return classic
  const cursor = new ByteCursor(file, refuse, Number(view.getBigUint64(locator + 8, true)))
  if (cursor.uint32() !== END_ZIP64) refuse('must have a whole ZIP64 end record', `byte ${cursor.position}`)
  cursor.take(36)
  const [bytes, start] = [cursor.uint64(), cursor.uint64()]
  return { bytes, start }
}

/** One file of the archive, as its directory describes it. */
interface Entry {
  name: string
  method: number
  encrypted: boolean
  bytes: number
  header: number
}

function readEntry(cursor: ByteCursor): Entry {
  if (cursor.uint32() !== CENTRAL_HEADER) {
    cursor.refuse('must have a whole zip directory', `byte ${cursor.position}`)
  }
  cursor.take(4)
  const encrypted = (cursor.uint16() & 1) === 1
  const method = cursor.uint16()
  cursor.take(8)
  let packed = cursor.uint32()
  let bytes = cursor.uint32()
  const [nameBytes, extraBytes, commentBytes] = [cursor.uint16(), cursor.uint16(), cursor.uint16()]
  cursor.take(8)
  let header = cursor.uint32()
  const name = new TextDecoder().decode(cursor.take(nameBytes))
  const extra = new ByteCursor(cursor.take(extraBytes), cursor.refuse)
  cursor.take(commentBytes)
  while (extra.bytes.length - extra.position >= 4) {
    const [kind, length] = [extra.uint16(), extra.uint16()]
    const field = new ByteCursor(extra.take(length), cursor.refuse)
    if (kind !== ZIP64_EXTRA) continue
    if (bytes === ELSEWHERE) bytes = field.uint64()
    if (packed === ELSEWHERE) packed = field.uint64()
    if (header === ELSEWHERE) header = field.uint64()
  }
  return { name, method, encrypted, bytes, header }
}

/**
 * The stored files of a zip archive by name, each a view into it: torch stores its entries uncompressed, and a
 * library that unpacks would hold them twice. ZIP64 included.
 *
 * @throws InvalidArgumentError for a damaged, compressed or encrypted archive, and for TorchScript.
 */
export function readZipEntries(file: Uint8Array, refuse: Refuse): Map<string, Uint8Array> {
  const { start, bytes } = findDirectory(file, refuse)
  const directory = new ByteCursor(new ByteCursor(file, refuse, start).take(bytes), refuse)
  const entries = new Map<string, Uint8Array>()
  while (directory.position < directory.bytes.length) {
    if (entries.size >= MAX_ENTRIES) refuse('must not have entries without end', `${MAX_ENTRIES} of them`)
    const { name, method, encrypted, bytes, header } = readEntry(directory)
    if (/^[^/]+\/code\//.test(name)) {
      const fix = 'Save its tensors alone: torch.save(torch.jit.load(path).state_dict(), path).'
      refuse('must hold tensors alone', 'a TorchScript module, which is a program', fix)
    }
    if (method !== 0 || encrypted) {
      refuse('must store its entries as torch does', `${name}: ${encrypted ? 'encrypted' : 'compressed'}`)
    }
    const local = new ByteCursor(file, refuse, header)
    if (local.uint32() !== LOCAL_HEADER) refuse('must have its entries where its directory says', name)
    local.take(22)
    const [nameBytes, extraBytes] = [local.uint16(), local.uint16()]
    local.take(nameBytes + extraBytes)
    entries.set(name, local.take(bytes))
  }
  return entries
}
