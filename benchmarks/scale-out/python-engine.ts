import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { end, run } from '../../tools/processes'
import type { Engine } from './engine'

/** An engine whose driver is a Python program, and whose workers are processes below it. */
export interface PythonEngine {
  name: string
  /** What `pip install` is given. */
  requirement: string
  /** A program that is there once it is installed. */
  installed: string
  /** What starts the driver, before the plan and the command, of the folder of programs. */
  driver(bin: string): readonly [string, ...string[]]
  /** Variables of its environment, beside this process's. */
  env(bin: string): NodeJS.ProcessEnv
  /** What the parent of a `predict` is called. */
  worker: string
}

/** Where packages are: virtual environments beside other caches, for one takes up to 1 GB. */
const VENVS = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'maf-scale')

/** The command line of a worker's own process; the driver's names it too, and that of its child for lines begins like it. */
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

/** The engine in this machine's own processes. */
export async function openPythonEngine({
  name,
  requirement,
  installed,
  driver: start,
  env,
  worker,
}: PythonEngine): Promise<Engine> {
  const bin = join(VENVS, name, 'bin')
  if (!existsSync(join(bin, installed))) {
    await run('python3', ['-m', 'venv', join(VENVS, name)])
    await run(join(bin, 'pip'), ['install', '--quiet', requirement])
  }
  const [program, ...options] = start(bin)
  let driver: ChildProcess | undefined
  return {
    name,
    async annotate(plan, command) {
      driver = spawn(program, [...options, plan, ...command], {
        ...{ env: { ...process.env, ...env(bin) }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
      })
      let said = ''
      for (const stream of [driver.stdout!, driver.stderr!])
        stream.setEncoding('utf8').on('data', text => {
          said = `${said}${text}`.slice(-20_000)
        })
      const [code] = await once(driver, 'close')
      if (code !== 0) throw new Error(`${name}'s driver ended with ${code}:\n${said}`)
    },
    async killOne(draw) {
      let tasks: Awaited<ReturnType<typeof processesBelow>> = []
      // Between two tasks there is none for a moment.
      while (tasks.length === 0 && driver!.exitCode === null) {
        tasks = (await processesBelow(driver!.pid!)).filter(({ command }) => PREDICT.test(command))
      }
      const itself = draw() < 0.5
      const task = tasks[Math.floor(tasks.length * draw())]
      if (!task) throw new Error('No task was running.')
      process.kill(itself ? task.pid : task.parent, 'SIGKILL')
      return itself ? `the predict of ${worker}` : worker
    },
    async close() {
      if (driver) await end(driver)
    },
  }
}
