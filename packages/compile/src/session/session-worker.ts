import { serve } from '../thread/serve'
import { type OpenedModel, openHere } from './open-model'
import type { Feed } from './session'
import type { SessionOptions } from './session-options'

/** The model of this thread, which `open` opens. */
let opened: OpenedModel | undefined

serve({
  async open(model: Uint8Array | string, options: SessionOptions) {
    opened = await openHere(model, options)
    const { declared, declaredOutputs, inputs, outputs } = opened
    return { declared, declaredOutputs, inputs, outputs }
  },
  run: (feeds: Record<string, Feed>, outputs?: string[]) => opened!.run(feeds, outputs),
  keep: (feeds: Record<string, Feed>) => opened!.keep(feeds),
  dispose: () => opened?.dispose(),
})
