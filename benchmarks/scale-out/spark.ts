import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { end, run } from '../../tools/processes'
import type { Engine } from './engine'

/** Where PySpark is: a virtual environment beside other caches, for it is 1 GB. */
const VENV = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'maf-scale/spark')

const PYSPARK = 'pyspark==4.1.1'

/** The command line of a task's own process; the driver's names it too, and that of its child for lines begins like it. */
const PREDICT = /^\S*node \S+poison-main\.mjs predict /

/** The processes below another one, by /proc: their numbers and command lines. */
async function processesBelow(root: number): Promise<{ pid: number; parent: number; command: string }[]> {
  const all = (await readdir('/proc')).map(Number).filter(pid => pid > 0)
  const known = await Promise.all(
    all.map(async pid => {
      const [stat, command] = await Promise.all(
        ['stat', 'cmdline'].map(name => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
      )
      return {
        pid,
        parent: Number(stat!.split(') ').at(-1)!.split(' ')[1]),
        command: command!.replaceAll('\0', ' '),
      }
    }),
  )
  const below = (parent: number): typeof known =>
    known.filter(one => one.parent === parent).flatMap(one => [one, ...below(one.pid)])
  return below(root)
}

/** Spark in this machine's own processes, two tasks at a time; a task may fail three times. */
export async function openSpark(): Promise<Engine> {
  if (!existsSync(join(VENV, 'bin/spark-submit'))) {
    await run('python3', ['-m', 'venv', VENV])
    await run(join(VENV, 'bin/pip'), ['install', '--quiet', PYSPARK])
  }
  let driver: ChildProcess | undefined
  return {
    name: 'spark',
    async annotate(plan, command) {
      const options = [
        '--master',
        'local[2,4]',
        '--driver-memory',
        '1g',
        'integrations/spark/annotate.py',
        plan,
      ]
      const env = { ...process.env, PYSPARK_PYTHON: join(VENV, 'bin/python'), SPARK_LOCAL_IP: '127.0.0.1' }
      driver = spawn(join(VENV, 'bin/spark-submit'), [...options, ...command], {
        ...{ env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
      })
      let said = ''
      for (const stream of [driver.stdout!, driver.stderr!])
        stream.setEncoding('utf8').on('data', text => {
          said = `${said}${text}`.slice(-20_000)
        })
      const [code] = await once(driver, 'close')
      if (code !== 0) throw new Error(`spark-submit ended with ${code}:\n${said}`)
    },
    async killOne(draw) {
      let tasks: Awaited<ReturnType<typeof processesBelow>> = []
      // Between two tasks there is none for a moment.
      while (tasks.length === 0 && driver!.exitCode === null) {
        tasks = (await processesBelow(driver!.pid!)).filter(({ command }) => PREDICT.test(command))
      }
      // Its parent is the Python process of its task, of which another is forked.
      const which = draw() < 0.5 ? 'the predict of a task' : 'the Python worker of a task'
      const task = tasks[Math.floor(tasks.length * draw())]
      if (!task) throw new Error('No task was running.')
      process.kill(which.includes('Python') ? task.parent : task.pid, 'SIGKILL')
      return which
    },
    async close() {
      if (driver) await end(driver)
    },
  }
}
