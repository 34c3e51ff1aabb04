import { Command } from 'commander'

/** `ner-maf demo` */
export function demoCommand(): Command {
  return new Command('demo')
}
