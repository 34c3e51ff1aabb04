import type { Crf, CrfCheckOptions } from '@mafjs/crf'
import {
  encodePlaced,
  type ImageEncoder,
  type ImageInputs,
  type PlacedPictures,
  type TextEncoder,
  type TextInputs,
} from '@mafjs/encoders'
import type { OnnxImage } from '@mafjs/encoders/onnx'
import type { ExchangedRows, MatchingInputs, Partners } from '@mafjs/match'
import {
  type ApplyOptions,
  assertShape,
  createParameters,
  disposeParameters,
  dropout,
  type Encoding,
  InvalidArgumentError,
  layersOf,
  linearSpecs,
  type Module,
  presence,
  product,
} from '@mafjs/tensor'
import { composeModule } from '@mafjs/tensor/compose'
import type { Scalar, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { assertConfig } from './check-config'
import { assertInputs, isEncoding } from './check-inputs'
import type { MafConfig } from './config'
import { exchangePictures } from './exchange-pictures'
import type { AlignmentModule, FusionModule, InteractionModule, MatchingModule } from './own-parts'

/** The modules MAF wires together; without the four picture modules it is a text-only tagger. */
export interface MafParts {
  textEncoder: TextEncoder
  imageEncoder?: ImageEncoder | undefined
  /** Encodes pictures outside of the model, which is then given encodings. */
  onnxImage?: OnnxImage | undefined
  alignment?: AlignmentModule | undefined
  interaction?: InteractionModule | undefined
  matching?: MatchingModule | undefined
  fusion?: FusionModule | undefined
  crf: Crf
}

/** Who is given whose picture: numbers, or tensors, whose values are not read. */
export interface MafExchanges {
  /** The partner's place in the batch; one's own where nothing is exchanged. */
  partners: Partners
  /** 1 = matched, 0 = not. @default 1 where the partner is the example itself */
  labels?: MatchingInputs['labels']
  /** Which rows are computed again where pictures are exchanged; needed with tensors. */
  again?: ExchangedRows
}

/** One batch as the model reads it. */
export interface MafInputs {
  text: TextInputs
  /**
   * Pictures and which posts have them, one for each post, or what an image encoder made of them; a text-only model reads none.
   * @default no post has a picture
   */
  image?: PlacedPictures | ImageInputs | Encoding | undefined
  /**
   * `[batch, words, positions]`, one 1 in each row at the word's first piece: the CRF then runs over words.
   * Without it every position is a step of the CRF, as in the published code.
   */
  firstPieces?: Tensor3D | undefined
  /** `[batch, words]`, float32: which words are real; given with `firstPieces`. @default text.mask */
  wordMask?: Tensor2D | undefined
  /** `[batch, words]` int32; with labels the losses are computed. */
  labels?: Tensor2D | undefined
  /** `[batch, words, labels]`, float32: above 0 = this label may be right too, as of the CRF. @default the labels alone */
  alternatives?: Tensor3D | undefined
  /** Who is given whose picture for matching, as `match` chooses it. @default nobody anybody's */
  exchanges?: MafExchanges | undefined
}

/** The parts of the training objective. */
export interface MafLosses {
  /** `a * tagging + (1 - a) * (matching + alignment)`. */
  total: Scalar
  tagging: Scalar
  matching: Scalar
  alignment: Scalar
}

/** Everything the model computes, by name, so that each step can be looked at and compared. */
export interface MafOutputs {
  text: Encoding
  image?: Encoding
  alignment?: ReturnType<AlignmentModule['apply']>
  interaction?: ReturnType<InteractionModule['apply']>
  matching?: ReturnType<MatchingModule['apply']>
  fusion?: ReturnType<FusionModule['apply']>
  /** `[batch, words, labels]` */
  emissions: Tensor3D
  /** `[batch, words]`, the CRF's steps. */
  mask: Tensor2D
  losses?: MafLosses
}

/** The MAF model as a module. */
export interface Maf extends Module<MafInputs, MafOutputs, MafConfig> {
  readonly parts: MafParts
  /** @param options with `checkValues: false` for a compiled function, which cannot read the labels to check them */
  apply(inputs: MafInputs, options?: ApplyOptions & CrfCheckOptions): MafOutputs
}

/** The same tensors under new handles: whoever disposes the outputs keeps the inputs. */
const cloneEncoding = ({ states, summary, mask }: Encoding): Encoding => ({
  states: tf.clone(states),
  summary: tf.clone(summary),
  mask: tf.clone(mask),
})

/**
 * MAF (WSDM 2022), wired from its modules: encode, align, interact, match, fuse, tag. Nothing is computed here but
 * the linear emission layer and the weighted sum of the losses.
 *
 * @throws InvalidArgumentError for a configuration whose parts do not fit each other.
 */
export function createMaf(config: MafConfig, parts: MafParts): Maf {
  assertConfig(config)
  const { textEncoder, imageEncoder, alignment, interaction, matching, fusion, crf } = parts
  const { hidden } = config.textEncoder
  const tagged = fusion ? (fusion.size ?? 2 * hidden) : hidden

  const encodeImage = (image: NonNullable<MafInputs['image']>, options: ApplyOptions): Encoding => {
    if (isEncoding(image)) return cloneEncoding(image)
    if (imageEncoder) {
      return 'choice' in image
        ? encodePlaced(imageEncoder, image, options)
        : imageEncoder.apply(image, options)
    }
    const isOnnx = config.imageEncoder?.kind === 'onnx'
    throw new InvalidArgumentError({
      argument: 'inputs.image',
      rule: `must be an encoding${isOnnx ? ': an ONNX image model runs outside of the model' : ', since the model has no image encoder'}`,
      received: 'pixels',
      fix: isOnnx
        ? 'Encode the pictures first: freezeEncoder runs the image model.'
        : 'Build the model with an image encoder, or encode the pictures first.',
    })
  }

  const forward = (inputs: MafInputs, options: ApplyOptions & CrfCheckOptions): MafOutputs => {
    assertInputs(inputs, config)
    const { firstPieces, labels, alternatives, exchanges } = inputs
    const text = textEncoder.apply(inputs.text, options)
    const image = inputs.image && interaction && encodeImage(inputs.image, options)
    const mask = tf.clone(inputs.wordMask ?? inputs.text.mask)
    const outputs: Partial<MafOutputs> = { text, image, mask }

    let states = text.states // [batch, tokens, hidden], after fusion [batch, tokens, tagged]
    const sizes = { batch: states.shape[0], tokens: states.shape[1], hidden }
    const fuse = (fused: FusionModule, attended: Tensor3D): ReturnType<FusionModule['apply']> => {
      const given = fused.apply({ text, states: attended }, options)
      assertShape('fusion.states', given.states, ['batch', 'tokens', tagged], sizes)
      return given
    }
    if (image && interaction && fusion) {
      if (labels && alignment) outputs.alignment = alignment.apply({ text, image }, options)
      outputs.interaction = interaction.apply({ text, image }, options)
      assertShape('interaction.states', outputs.interaction.states, ['batch', 'tokens', 'hidden'], sizes)
      let attended = outputs.interaction.states
      if (matching) {
        const negatives =
          exchanges && config.exchange === 'pictures'
            ? exchangePictures({ text, image, states: attended, interaction, ...exchanges }, options)
            : undefined
        outputs.matching = matching.apply(
          {
            text,
            states: attended,
            present: presence(image.mask),
            negatives,
            partners: exchanges?.partners,
            labels: exchanges?.labels,
          },
          // Who is exchanged was decided when the batch was made; nothing is drawn here.
          { ...options, training: false },
        )
        attended = outputs.matching.states
        assertShape('matching.states', attended, ['batch', 'tokens', 'hidden'], sizes)
        assertShape('matching.probability', outputs.matching.probability, ['batch'], sizes)
      }
      outputs.fusion = fuse(fusion, attended)
      states = outputs.fusion.states
    } else if (fusion) {
      // What comes out where every picture is absent: their states are exact zeros.
      const zeros = tf.zerosLike(text.states)
      states = config.fusion?.kind === 'own' ? fuse(fusion, zeros).states : tf.concat([text.states, zeros], 2)
    }
    const words = firstPieces ? product(firstPieces, states) : states
    const emissions = layersOf(own).linear(
      dropout(words, config.dropout, 'classifier', options),
      'classifier',
    )
    if (!labels) return { ...outputs, emissions } as MafOutputs

    const tagging = crf.apply({ emissions, labels, mask, alternatives }, options).loss
    // Handles of their own, so that every output can be disposed by itself.
    const part = (name: 'matching' | 'alignment'): Scalar => {
      const given = outputs[name]
      if (!given) return tf.scalar(0)
      assertShape(`${name}.loss`, given.loss, [])
      return tf.clone(given.loss)
    }
    const matchingLoss = part('matching')
    const alignmentLoss = part('alignment')
    const a = config.lossWeight
    const total = tf.add(tf.mul(tagging, a), tf.mul(tf.add(matchingLoss, alignmentLoss), 1 - a)) as Scalar
    return {
      ...outputs,
      emissions,
      losses: { total, tagging, matching: matchingLoss, alignment: alignmentLoss },
    } as MafOutputs
  }

  // Its parameters' names are those of a PyTorch state dict.
  const modules = composeModule(
    {
      text_encoder: textEncoder,
      image_encoder: imageEncoder,
      ...{ alignment, interaction, matching, fusion, crf },
    },
    (_, inputs: MafInputs, options) => forward(inputs, options),
  )
  const own = createParameters(linearSpecs('classifier', tagged, config.labels.length), config.seed)
  return {
    config,
    parts,
    apply: modules.apply,
    parameters: () => ({ ...modules.parameters(), ...own }),
    dispose: () => {
      disposeParameters(own)
      modules.dispose()
    },
  }
}
