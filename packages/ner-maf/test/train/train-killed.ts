import { dieInCheckpoint } from '../../../train/test/die-in-checkpoint'
import { trainRun } from '../../src/train/train-run'

// A training in a process of its own: `train-killed.ts OPTIONS [CALL]`, options as JSON; with CALL it dies in a checkpoint.
const [options, callToDieAt] = process.argv.slice(2) as [string, string?]
if (callToDieAt !== undefined) dieInCheckpoint(Number(callToDieAt))

await trainRun({
  ...JSON.parse(options),
  onEvent: event => console.log(event.type === 'step' ? event.step : 'epoch'),
})
