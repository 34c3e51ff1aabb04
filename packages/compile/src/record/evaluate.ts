import { buildGraph } from '../graph/build-graph'
import { CompileError } from '../graph/compile-error'
import type { Numbers } from '../graph/element-types'
import { createSession } from '../session/session'
import type { SessionOptions } from '../session/session-options'
import type { Evaluate } from './onnx-backend'

/** Computes recorded values in one session that is made for them and thrown away. */
export const evaluateWith =
  (options: () => SessionOptions): Evaluate =>
  async values => {
    const outputs = values.map((value, i) => ({ name: `out${i}`, value }))
    const { graph, hosts } = buildGraph({ outputs })
    const absent = graph.inputs.find(({ name }) => !hosts.has(name))
    if (absent) throw recordedOnly(absent.name)
    const session = await createSession(graph, options())
    try {
      const feeds = Object.fromEntries(
        [...hosts].map(([name, { shape, source }]) => [
          name,
          { shape, data: (source as { data: Numbers }).data },
        ]),
      )
      const results = await session.run(feeds)
      return values.map((_, i) => results[`out${i}`]!.data)
    } finally {
      await session.dispose()
    }
  }

const recordedOnly = (input: string): CompileError =>
  new CompileError({
    what: `The data of a tensor were read that was kept from the recording of a program, computed from its input ${input}`,
    fix: 'Return from the compiled function what is to be read: nothing else of it has data.',
  })
