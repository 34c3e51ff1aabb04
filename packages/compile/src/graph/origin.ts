/** Which kernel a node was made for, and where the program called it. */
export interface Origin {
  kernel: string
  /** Holds the stack of the call; it is read only when something went wrong. */
  trace: Error
}

const FRAMES = 4

/** tfjs calls itself so often that the program's own frame lies beyond the ten that are kept otherwise. */
const KEPT_FRAMES = 60

/** Of whom nobody will ask where it was. */
const NOWHERE = Object.assign(new Error(), { stack: '' })

let arePlacesKept = true

/** Runs without keeping places: to keep them takes as long as everything else that is done to record a kernel. */
export function withoutPlaces<Result>(run: () => Result): Result {
  arePlacesKept = false
  try {
    return run()
  } finally {
    arePlacesKept = true
  }
}

/** Where the program is now. */
export function originHere(kernel: string): Origin {
  if (!arePlacesKept) return { kernel, trace: NOWHERE }
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = KEPT_FRAMES
  const trace = new Error()
  Error.stackTraceLimit = stackTraceLimit
  return { kernel, trace }
}

/** Frames that say nothing to the reader: tfjs and its helpers, this package, and Node's own. */
const isInternal = (frame: string): boolean =>
  /tfjs-core|\/tslib\/|packages\/compile\/(src|dist)|@mafjs\/compile|node:internal|\(native\)|<anonymous>\)?$/.test(
    frame,
  )

/** Frames of installed packages; source maps give those of tfjs paths of their own. */
const isInstalled = (frame: string): boolean => /node_modules|\/tfjs-[a-z]+\/src\//.test(frame)

const framesOf = ({ trace }: Origin): string[] => (trace.stack ?? '').split('\n').slice(1)

/**
 * The program's own frames of a call, innermost first, as indented lines; empty when none is known. One of them is in
 * no installed package where there is such a frame.
 */
export function callSite(origin: Origin): string {
  const frames = framesOf(origin).filter(frame => !isInternal(frame))
  const shown = frames.slice(0, FRAMES)
  const own = frames.find(frame => !isInstalled(frame))
  return [...shown, ...(own === undefined || shown.includes(own) ? [] : [own])]
    .map(frame => `\n    ${frame.trim()}`)
    .join('')
}

/** The function of tfjs that the program called, such as `booleanMaskAsync`; the kernel where that is not known. */
export function calledOperation(origin: Origin): string {
  const frames = framesOf(origin)
  const own = frames.findIndex(frame => !isInternal(frame))
  const inner = frames.slice(0, Math.max(own, 0)).findLast(frame => /tfjs-core/.test(frame))
  const name = /at (?:async |new )?(?:[\w$]+\.)*([\w$]+?)(?:__op|_)? /.exec(inner ?? '')?.[1]
  return name ?? origin.kernel
}
