/** What tfjs keeps in this process, whoever loaded it. */
export interface TfjsEngine {
  registryFactory: Record<string, unknown>
  setBackend(name: string): Promise<boolean>
}

// Test files of a package share a process: each finds tfjs, where it is loaded, on the backend that it would start on alone, and
// no exit code of a command that ran here before.
const { _tfengine: engine } = globalThis as { _tfengine?: TfjsEngine }
if (engine && 'cpu' in engine.registryFactory) await engine.setBackend('cpu')
process.exitCode = undefined
