import { join } from 'node:path'
import type { Engine } from './engine'
import { openPythonEngine } from './python-engine'

/** Spark in this machine's own processes, two tasks at a time; a task may fail three times. */
export const openSpark = (): Promise<Engine> =>
  openPythonEngine({
    name: 'spark',
    requirement: 'pyspark==4.1.1',
    installed: 'spark-submit',
    driver: bin => [
      join(bin, 'spark-submit'),
      ...['--master', 'local[2,4]', '--driver-memory', '1g', 'integrations/spark/annotate.py'],
    ],
    env: bin => ({ PYSPARK_PYTHON: join(bin, 'python'), SPARK_LOCAL_IP: '127.0.0.1' }),
    worker: 'the Python worker of a task',
  })
