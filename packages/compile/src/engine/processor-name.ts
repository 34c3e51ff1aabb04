import { cpus } from 'node:os'

/** The processor, for whoever reads what it measured. */
export const processorName = (): string => cpus()[0]?.model.trim() ?? 'unknown'
