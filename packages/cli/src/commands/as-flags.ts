import type { Command } from 'commander'

/**
 * A text of a library in which options are called as on the command line: `maxLength` is `--max-length`, `overwrite: true` is
 * `--overwrite`, `quantize: 'int8'` is `--quantize int8` and `labels: ['O', 'B-A']` is `--labels O,B-A`. So is the argument that an error begins with, where this command
 * has it. With a file of options nothing changes: it calls them as libraries do.
 *
 * @param command the one that was called
 */
export function asFlags(text: string, command: Command | undefined): string {
  if (command?.opts()['config'] !== undefined) return text
  const flagsOf = (commands: readonly Command[]): Map<string, string> => {
    const options = commands.flatMap(({ options }) => options)
    return new Map(options.map(option => [option.attributeName(), option.long!]))
  }
  const own = flagsOf(command ? [command] : [])
  const all = flagsOf((command?.parent?.commands ?? []) as Command[])
  return (
    text
      .replace(/^[a-z]\w*(?= )/, name => own.get(name) ?? name)
      // Not the parts of a path, or of a name with dots.
      .replaceAll(
        /(?<![\w./-])([a-z]\w*): (?:true\b|'([^']*)'|([A-Z]{2,})\b)/g,
        (whole, name, quoted, placeholder) => {
          const value = quoted ?? placeholder
          return all.has(name) ? [all.get(name), ...(value ? [value] : [])].join(' ') : whole
        },
      )
      .replaceAll(/(?<![\w./-])([a-z]\w*): \[([^\]]*)\]/g, (whole, name, items: string) =>
        all.has(name) ? `${all.get(name)} ${items.replaceAll(/['\s]/g, '')}` : whole,
      )
      .replaceAll(/(?<![\w./-])[a-z]+[A-Z]\w*(?![\w/]|\.\w)/g, name => all.get(name) ?? name)
  )
}
