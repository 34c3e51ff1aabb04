import { externalTensors } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import { digestOf } from '@mafjs/tensor/files'
import { assertDigest, COPY } from './check-export-graph'
import { EXPORT_FILES, type ExportConfig } from './export-config'

/**
 * Checks the bytes of an export's model before anything of it is run.
 *
 * @param file its path, for errors
 * @returns whether it has numbers beside it
 * @throws InvalidArgumentError for other bytes than were written, or numbers anywhere but in the export's own file.
 */
export function inspectExport(model: Uint8Array, file: string, { sha256 }: ExportConfig): boolean {
  // A model is read through and through where it is opened; its digest adds half a second for each gigabyte.
  if (sha256) assertDigest(file, sha256[EXPORT_FILES.model], digestOf(model))
  const places = externalTensors(model, file)
  const other = places.find(({ location }) => location !== EXPORT_FILES.data)
  if (!other) return places.length > 0
  throw new InvalidArgumentError({
    argument: `tensor "${other.tensor}" of ${file}`,
    rule: `must lie within the model or in ${EXPORT_FILES.data}`,
    received: other.location,
    fix: COPY,
  })
}
