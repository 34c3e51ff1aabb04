/** Whose fault it is that ONNX Runtime failed. */
export interface Fault {
  /** What ONNX Runtime's message means, where that can be told. */
  why?: string
  fix: string
}

const OURS =
  'Look for indices out of range and shapes that do not fit in what it is given; if it is all as you meant it, this is ' +
  'a fault of @mafjs/compile: please report it.'

/** The execution provider that runs every program, under its names in Node and in a browser. */
const EVERYTHING = ['cpu', 'wasm']

const WAY_OUT = "executionProvider: 'cpu' (in a browser also called 'wasm')"

/** A feature of an operator, or an operator, that an execution provider has not. */
const LACKING =
  /not (yet )?(supported|implemented)|unsupported|not_implemented|could not find an implementation/i

/** No GPU, or no driver or library to compute on it with. */
const NO_DEVICE =
  /get a WebGPU (adapter|device)|WebGPU is not (supported|available)|AppendExecutionProvider_|failed to load (shared )?library/i

/**
 * Reads an error of ONNX Runtime.
 *
 * @param op the operator that it names, where it names one
 */
export function faultOf(message: string, executionProvider: string, op?: string): Fault {
  if (/backend not found/.test(message)) {
    return { fix: 'Name an execution provider that this build of ONNX Runtime has; it always has cpu.' }
  }
  if (EVERYTHING.includes(executionProvider)) return { fix: OURS }
  const provider = `the execution provider '${executionProvider}'`
  if (NO_DEVICE.test(message)) {
    return {
      why: `${provider} found no device, or no driver or library for it`,
      fix: `Install what it needs, or compute with ${WAY_OUT}.`,
    }
  }
  if (LACKING.test(message)) {
    return {
      why: `${provider} of ONNX Runtime lacks what ${op ?? 'one of the operators'} needs`,
      fix: `Compute with ${WAY_OUT}, which lacks nothing that is compiled.`,
    }
  }
  return {
    fix: `It may be that ${provider} of ONNX Runtime lacks something: compute with ${WAY_OUT}. If that fails too: ${OURS}`,
  }
}
