import { PICTURE_LAYOUTS } from '@mafjs/encoders/onnx'
import { type Command, InvalidArgumentError as InvalidOption, Option } from 'commander'
import { wholeNumber } from './options'

/** Three numbers, e.g. `0.5,0.5,0.5`. */
function threeNumbers(text: string): number[] {
  const numbers = text.split(',').map(part => (part.trim() === '' ? Number.NaN : Number(part)))
  if (numbers.length === 3 && numbers.every(Number.isFinite)) return numbers
  throw new InvalidOption('Give three numbers with commas between: red,green,blue.')
}

/** Adds the options of an image encoder that is an `.onnx` file. */
export function withOnnxImageOptions(command: Command): Command {
  const layout = (flags: string, description: string): Option =>
    new Option(flags, description).choices([...PICTURE_LAYOUTS])
  return command
    .option('--regions-output <name>', 'the output of an .onnx image encoder that gives the regions')
    .option('--summary-output <name>', 'its output that gives the summary (default: the mean of the regions)')
    .addOption(
      layout('--input-layout <layout>', "where its input has the channels, where the shape doesn't tell"),
    )
    .addOption(
      layout('--regions-layout <layout>', "where its regions have them, where the shape doesn't tell"),
    )
    .option(
      '--picture-size <pixels>',
      'side of its pictures (default: what it declares, or 224)',
      wholeNumber(1),
    )
    .option('--picture-mean <r,g,b>', "mean of its pictures, from 0 to 1 (default: ImageNet's)", threeNumbers)
    .option('--picture-deviation <r,g,b>', "their deviation (default: ImageNet's)", threeNumbers)
    .option('--preprocessor <file>', 'a preprocessor_config.json instead of these three')
}
