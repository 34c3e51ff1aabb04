import { join } from 'node:path'
import type { Engine } from './engine'
import { openPythonEngine } from './python-engine'

/** Runs what follows in a network of its own, which has nothing but loopback: Ray listens on all addresses, whatever it is told. */
const ON_LOOPBACK = ['--map-root-user', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']

/** Ray in this machine's own processes, two actors. */
export const openRay = (folder: string): Promise<Engine> =>
  openPythonEngine({
    name: 'ray',
    requirement: 'ray[data]==2.60.0',
    installed: 'ray',
    driver: bin => [
      'unshare',
      ...[...ON_LOOPBACK, join(bin, 'python')],
      ...['benchmarks/scale-out/bounded_ray.py', join(folder, 'ray'), 'integrations/ray/annotate.py'],
    ],
    env: () => ({ RAY_USAGE_STATS_ENABLED: '0' }),
    worker: 'an actor',
  })
