import type { EngineOptions } from '@mafjs/compile/engine'
import type {
  BrokenPicture,
  CutPost,
  LongTextOptions,
  OnBrokenPicture,
  ReadingOptions,
  Split,
  SplitterName,
} from '@mafjs/data'
import type { FeatureCacheOptions } from '@mafjs/data/features'
import type { OnnxImageOptions } from '@mafjs/encoders/onnx'
import type { EvaluationReport } from '@mafjs/evaluate'
import type { FitOptions, FitResult, TrainingSettings } from '@mafjs/train'
import type { OwnParts } from '../model/own-parts'
import type { AblatedModule } from '../model/presets'
import type { Wiring } from '../model/wiring'

/** A run from a data folder to a checkpoint folder. */
export interface TrainRunOptions
  extends TrainingSettings,
    EngineOptions,
    LongTextOptions,
    ReadingOptions,
    OnnxImageOptions,
    FeatureCacheOptions {
  /** Folder with train, valid and test files. */
  data: string
  /** Folder of the pictures; left out, every post counts as one without a picture. */
  images?: string | undefined
  /**
   * The checkpoint of a BERT or another text encoder that `@mafjs/encoders` reads: a folder, or a name on the hub.
   * @default the text encoder of `init`, with its tokenizer
   */
  textEncoder?: string | undefined
  /**
   * A trained model to start from (its checkpoint folder, its export, an installed package, a name on the hub): weights by name; heads of other labels or shapes start
   * anew, and all is said.
   * @default the encoders' weights and first weights
   */
  init?: string | undefined
  /** Starts the text encoder from random weights; its folder then needs only `config.json` and a tokenizer. */
  randomTextEncoder?: boolean | undefined
  /**
   * Reads the shapes of words as they were written (capitals, digits, @, #, web addresses ...) beside their pieces, which an uncased
   * text encoder hides; their embeddings begin with zeros.
   * @default false: only where the text encoder's checkpoint has them
   */
  wordShapes?: boolean | undefined
  /**
   * A ResNet's weights with torchvision's names, a ViT or CLIP in Hugging Face's layout (a folder, or a name on the hub),
   * an `.onnx` file with `regionsOutput`, or `none` for a text-only model.
   * @default 'none'
   */
  imageEncoder?: string | undefined
  /** Trains the image encoder too; one from random weights always is. @default false */
  trainImageEncoder?: boolean | undefined
  /**
   * Decodes JPEGs in a half, a quarter or an eighth of their size where that leaves as many pixels as the image encoder reads; the
   * checkpoint says so, and is used so.
   * @default false
   */
  shrinkOnLoad?: boolean | undefined
  /** The checkpoint folder to be written. */
  out: string
  /** Starts anew in an existing checkpoint folder, whose model stays until there is a better one. @default false */
  overwrite?: boolean | undefined
  /** Goes on with the run in `out` from its last checkpoint, or begins it where there is none. @default false */
  resume?: boolean | undefined
  /** Steps between two checkpoints within an epoch; there is one after every epoch. @default none within an epoch */
  checkpointEvery?: number | undefined
  /** Ends the run after the step at hand, with a checkpoint. */
  signal?: AbortSignal | undefined
  /**
   * `default`: the paper with the faults of the published code mended; `reference`: what the published code does, its
   * optimiser included unless another is asked for.
   * @default 'default'
   */
  preset?: 'default' | 'reference' | undefined
  /** Modules left out, as ablations. @default none */
  without?: readonly AblatedModule[] | undefined
  /** How the default preset is wired otherwise, as ablations. @default as it is */
  wiring?: Wiring | undefined
  /** Modules of one's own in the places of the preset's. @default the preset's */
  parts?: OwnParts | undefined
  /** Dropout before the emissions. @default 0.1 */
  dropout?: number | undefined
  /** `a` of `a * tagging + (1 - a) * (matching + alignment)`. @default 0.62, the published `lamb` */
  lossWeight?: number | undefined
  /** How texts are split into words when the model is used. @default 'tweet', or as the model that it starts from alone */
  splitter?: SplitterName | undefined
  /** Longest sequence of word pieces. @default 128, or as the model that it starts from alone */
  maxLength?: number | undefined
  /**
   * Whether posts that are longer are read in windows or cut.
   * @default by preset: 'window', or 'cut' for 'reference', as the published code does
   */
  longTexts?: LongTextOptions['longTexts'] | undefined
  /** What a missing or broken picture does. @default 'skip' */
  onBrokenPicture?: OnBrokenPicture | undefined
  onEvent?: FitOptions<never, EvaluationReport>['onEvent'] | undefined
  /** Called once with what was read, before training starts. */
  onRead?: ((splits: Split[], notes: string[]) => void) | undefined
  /** Is told, while it runs, of the features of its pictures. */
  onNote?: ((note: string) => void) | undefined
}

/** What a run leaves behind; also `metrics.json` of its folder. */
export interface TrainRunReport {
  validation?: EvaluationReport | undefined
  test?: EvaluationReport | undefined
  training: Omit<FitResult<EvaluationReport>, 'test'> & {
    /** Posts of the training split that the length limit cuts. */
    cut: CutPost[]
    /** Posts of the training split that were read in windows, and what there was to train on: windows and whole posts. */
    windows: { posts: number; examples: number }
  }
  /** Pictures that could not be decoded, with the reason. */
  brokenPictures: BrokenPicture[]
}
