import { LABEL_SCHEME_NAMES, MISPLACED_NAMES, OFFSET_NAMES } from '@mafjs/data'
import { type Command, Option } from 'commander'

/** Adds the options that say how the labels and entities of posts are read, the same in every command that reads them. */
export function withReadingOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--offsets <unit>',
        'what offsets of entities count (default: "utf16"; Python counts codepoints)',
      ).choices([...OFFSET_NAMES]),
    )
    .option('--end-inclusive', 'the end of an entity is its last sign, not the one after it')
    .addOption(
      new Option(
        '--misplaced-entities <what>',
        'entities that begin or end inside a word or on white space, or whose text is elsewhere: stop there, or take the whole words (default: "stop")',
      ).choices([...MISPLACED_NAMES]),
    )
    .addOption(
      new Option(
        '--scheme <name>',
        'what labels mean: in iob1 an I- opens an entity too (default: "bio")',
      ).choices([...LABEL_SCHEME_NAMES]),
    )
    .option(
      '--column <column>',
      "the labels' column in a file of columns: its number from 1, or its name in # global.columns (default: the last)",
    )
    .option('--word-column <column>', "the words' column (default: the first, or FORM)")
    .addOption(
      new Option(
        '--label-names <names>',
        "the names of labels that are numbers, in their order: O,B-PER,I-PER (default: the data set's own)",
      ).argParser(value => value.split(',').map(name => name.trim())),
    )
}
