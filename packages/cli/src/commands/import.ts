import { Command } from 'commander'
import { importPublished } from '../import/import-published'
import { backendOption, engineOption, wholeNumber } from './options'

/** `ner-maf import` */
export function importCommand(): Command {
  return new Command('import')
    .requiredOption(
      '--state-dict <file>',
      'the published checkpoint (torch zip, legacy pickle or safetensors)',
    )
    .requiredOption('--text-encoder <folder>', 'config.json and tokenizer of the BERT it was trained from')
    .requiredOption('--image-encoder <file>', 'the ResNet weights it was trained with')
    .option('--max-length <pieces>', 'the fixed length it was trained with', wholeNumber(8, 512), 128)
    .option('--labels <names...>', 'its labels by id, where they are not the 13 published ones')
    .requiredOption('--out <folder>', 'checkpoint folder to write')
    .option('--overwrite', 'replace an existing checkpoint folder', false)
    .addOption(engineOption())
    .addOption(backendOption())
    .action(async options => {
      const { unused } = await importPublished(options)
      if (unused.length > 0) {
        console.error(
          `Never used by the published model, left out: ${unused.length} tensors: ${unused.join(', ')}`,
        )
      }
      console.log(`Model written to ${options.out}`)
    })
}
