import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Long enough for a driver that wakes up. */
const PATIENCE = 10_000

/** NVIDIA's GPUs by its own tool, one line each; none where the tool is not there or finds none. */
export async function findGpus(): Promise<string[]> {
  try {
    const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader']
    const { stdout } = await promisify(execFile)('nvidia-smi', query, { timeout: PATIENCE })
    return stdout.split('\n').filter(line => line.trim() !== '')
  } catch {
    return []
  }
}
