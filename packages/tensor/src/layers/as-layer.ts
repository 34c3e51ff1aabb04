import type { serialization } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from '../errors'
import type { Module } from '../module'
import { decodePlan } from './layer-config'
import { completeWiring, type LayerWiringOptions } from './layer-wiring'
import { type LayerArguments, ModuleLayer } from './module-layer'

/** Makes a module from its configuration, such as `createGatedFusion`. */
export type ModuleFactory<Config extends object> = (config: Config) => Module<never, object, object>

/** How a module becomes a layer. */
export interface AsLayerOptions<Config extends object> extends LayerWiringOptions, LayerArguments {
  /** Makes the module again when a saved model is loaded. */
  create: ModuleFactory<Config>
  /** What a saved model calls this kind of layer: letters and digits. */
  className: string
}

/** A kind of layer, as tfjs-layers registers it. */
interface LayerClass {
  className: string
  create?: unknown
}

/** The class of a kind of layer, made and registered when it is first asked for. */
function kindOf<Config extends object>(
  className: string,
  create: ModuleFactory<Config>,
): new (
  ...given: ConstructorParameters<typeof ModuleLayer>
) => ModuleLayer {
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(className)) {
    throw new InvalidArgumentError({
      argument: 'className',
      rule: 'must be letters and digits: a saved model changes others',
      received: className,
    })
  }
  const known: LayerClass | undefined =
    tf.serialization.SerializationMap.getMap().classNameMap[className]?.[0]
  if (known && known.create === create) return known as unknown as typeof ModuleLayer
  if (known) {
    throw new InvalidArgumentError({
      argument: 'className',
      rule: 'must not be the name of another kind of layer',
      received: className,
      fix: 'Choose another name; for the same kind, pass the same function as `create` every time.',
    })
  }
  const kind = class extends ModuleLayer {
    /** @nocollapse */
    static readonly className = className
    static readonly create = create
    static override fromConfig<T extends serialization.Serializable>(
      _class: serialization.SerializableConstructor<T>,
      config: serialization.ConfigDict,
    ): T {
      const { module, wiring } = decodePlan(config)
      return new kind(create(module as Config), wiring, config as LayerArguments) as unknown as T
    }
  }
  tf.serialization.registerClass(kind as unknown as serialization.SerializableConstructor<ModuleLayer>)
  return kind
}

/**
 * Tells tfjs-layers how to make a kind of layer: call it before `loadLayersModel` where nothing has called `asLayer` with
 * that name. Calling it again with the same factory changes nothing.
 *
 * @throws InvalidArgumentError for a name that is taken, or that a saved model would not keep.
 */
export function registerLayer<Config extends object>(className: string, create: ModuleFactory<Config>): void {
  kindOf(className, create)
}

/**
 * A module as a layer of tfjs-layers: for `tf.model`, `model.fit`, `model.save` and `loadLayersModel`. The layer's weights
 * are the module's parameters, under `layer name/parameter name`; disposing of the layer frees them.
 *
 * @throws InvalidArgumentError for a wiring that breaks a rule, or a `className` that is taken.
 */
export function asLayer<Config extends object>(
  module: Module<never, object, Config>,
  { create, className, name, trainable, ...wiring }: AsLayerOptions<Config>,
): ModuleLayer {
  const complete = completeWiring(wiring)
  const kind = kindOf(className, create)
  return new kind(module, complete, {
    ...(name !== undefined && { name }),
    ...(trainable !== undefined && { trainable }),
  })
}
