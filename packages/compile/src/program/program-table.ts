import { checkInputs } from '../trace/check-inputs'
import { NoRoomError } from '../trace/primes'
import { type DynamicShapes, withoutDimension } from '../trace/record-program'
import { type Leaf, signatureOf } from '../trace/tree'

/** How programs are made. */
export interface ProgramTableOptions<Recorded, Program> {
  /** Records a program for inputs, with some axes of any length. */
  record(inputs: unknown, dynamic: DynamicShapes | undefined): Recorded
  /** Makes what was recorded ready to run. */
  prepare(recorded: Recorded, key: string): Promise<Program>
}

/** The program for some inputs, and how long their symbolic dimensions are. */
export interface Found<Program> {
  /** Names what the program serves. */
  key: string
  program: Promise<Program>
  lengths: ReadonlyMap<string, number>
}

/** Programs by what they serve: each is made when it is first wanted. */
export class ProgramTable<Recorded, Program> {
  private readonly programs = new Map<string, Promise<Program>>()
  /** Axes of any length without the dimensions that turned out to have too few lengths for one program. */
  private readonly narrowed = new Map<string, DynamicShapes>()

  constructor(private readonly options: ProgramTableOptions<Recorded, Program>) {}

  /**
   * @param dynamic the axes of any length. @default every shape has a program of its own
   * @throws InvalidArgumentError for inputs that `dynamic` does not fit, and whatever recording throws
   */
  find(inputs: unknown, dynamic?: DynamicShapes | undefined): Found<Program> {
    const lengths = checkInputs(inputs, dynamic)
    // Some operators of ONNX Runtime end the process where a length turns out to be 0: such shapes are recorded as they are.
    const symbolic = [...lengths.values()].includes(0) ? undefined : dynamic
    return { ...this.programFor(inputs, symbolic), lengths }
  }

  /** Forgets all programs. */
  async take(): Promise<Program[]> {
    const settled = await Promise.allSettled(this.programs.values())
    this.programs.clear()
    return settled.flatMap(program => (program.status === 'fulfilled' ? [program.value] : []))
  }

  private programFor(
    inputs: unknown,
    wanted: DynamicShapes | undefined,
  ): Pick<Found<Program>, 'key' | 'program'> {
    const wish = JSON.stringify(wanted ?? null)
    const dynamic = this.narrowed.get(wish) ?? wanted
    const key = signatureOf(inputs, leaf => fixedShape(leaf, dynamic))
    const known = this.programs.get(key)
    if (known) return { key, program: known }
    let recorded: Recorded
    try {
      recorded = this.options.record(inputs, dynamic)
    } catch (error) {
      if (!(error instanceof NoRoomError && dynamic)) throw error
      // So few lengths have a program each.
      this.narrowed.set(wish, withoutDimension(dynamic, error.dimension))
      return this.programFor(inputs, wanted)
    }
    const program = this.options.prepare(recorded, key)
    this.programs.set(key, program)
    program.catch(() => this.programs.delete(key))
    return { key, program }
  }
}

const fixedShape = ({ path, shape }: Leaf, dynamic: DynamicShapes | undefined): (number | string)[] =>
  shape.map((length, axis) => dynamic?.axes[path]?.[axis] ?? length)
