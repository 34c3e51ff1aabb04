import { join } from 'node:path'
import type { Engine } from './engine'
import { openPythonEngine } from './python-engine'

/** Ray in this machine's own processes, two actors. */
export const openRay = (folder: string): Promise<Engine> =>
  openPythonEngine({
    name: 'ray',
    requirement: 'ray[data]==2.60.0',
    installed: 'ray',
    driver: [
      'python',
      ...['benchmarks/scale-out/bounded_ray.py', join(folder, 'ray'), 'integrations/ray/annotate.py'],
    ],
    env: () => ({ RAY_USAGE_STATS_ENABLED: '0' }),
    worker: 'an actor',
  })
