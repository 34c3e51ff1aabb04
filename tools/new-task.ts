import { makeCommand } from './new-module/make-command'
import { makeTask } from './new-task/make-task'

// npm run new-task NAME: makes examples/NAME, a task of one file that trains, and its test.
await makeCommand(
  'new-task',
  makeTask,
  name => `It works as it is:
  npm run example ${name}
  npx vitest run --project examples examples/${name}
Now make it yours: what a row is, how rows become arrays, which modules there are and what they are wired to, the classes.`,
)
