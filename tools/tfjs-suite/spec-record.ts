/** What one spec of tfjs-core did on the backend under test. */
export interface SpecRecord {
  /** The spec's file, relative to tfjs-core's `dist/ops`. */
  file: string
  /** Its full name as jasmine prints it, without the name of the test environment. */
  name: string
  /** jasmine's word for how it ended; `pending` is a spec that tfjs itself has switched off. */
  status: 'passed' | 'failed' | 'pending'
  /** The kernels that ran. */
  kernels: string[]
  /** The kernels it asked for and the backend does not have. */
  missing: string[]
  /** It differentiates something: `tf.grad`, `grads`, `valueAndGrad(s)`, `variableGrads`. */
  gradient: boolean
  /** Some tensor's data was read. */
  read: boolean
  /** It expects a throw or a rejection. */
  expectsThrow: boolean
  /** All that failed in it is an expected throw that did not come. */
  onlyThrowFailed: boolean
  /** The message of every failed expectation. */
  messages: string[]
}

/** What the process that runs specs tells the one that started it. */
export type SuiteMessage = { started: string } | { record: SpecRecord } | { problem: string } | { done: true }
