import { useEngine } from '@mafjs/compile/engine'
import { fit, openRun, predict } from '../src'
import { dieInCheckpoint } from './die-in-checkpoint'
import { rowsOf, SETTINGS, tinyTask } from './tiny-task'

// fit-in-process.ts WHAT FOLDER ENGINE [CALL]: `fit` trains into the folder, going on where it was killed, and is slow at it; with CALL
// it dies in a checkpoint. `predict` prints what the model in it says.
const [what, folder, name, callToDieAt] = process.argv.slice(2) as [
  'fit' | 'predict',
  string,
  string,
  string?,
]
if (callToDieAt !== undefined) dieInCheckpoint(Number(callToDieAt))
const engine = await useEngine(name === 'onnx' ? { engine: 'onnx', threads: 1 } : { backend: 'cpu' })
const task = tinyTask()
const [train, valid] = [rowsOf(40), rowsOf(60).slice(40)]
if (what === 'fit') {
  const run = await openRun(folder, { resume: true })
  const slow = { ...task, ahead: () => new Promise<void>(resolve => setTimeout(resolve, 30)) }
  await fit(slow, { engine, train, valid, settings: SETTINGS, run, checkpointEvery: 1 })
} else {
  await (await openRun(folder)).load(task)
  console.log(JSON.stringify(await predict(task, valid, { engine })))
}
