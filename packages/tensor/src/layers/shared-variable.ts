import type { Variable } from '@tensorflow/tfjs-core'
import { LayerVariable } from '@tensorflow/tfjs-layers'

/** A layer's weight that is a module's parameter itself: what one changes, the other has. */
export class SharedVariable extends LayerVariable {
  /** @param name which tfjs-layers puts behind the layer's, as a saved model has it */
  constructor(variable: Variable, name: string) {
    super(variable, variable.dtype, name, variable.trainable)
    // The constructor has made a copy; a layer would train that, and the module would not see it.
    this.val.dispose()
    Object.defineProperty(this, 'val', { value: variable })
  }
}
