/** What becomes of one command of a `sh` block. */
export type CommandKind = 'run' | 'needs the network' | 'needs ../shared' | 'in .ci/run' | 'nowhere'

/** The commands of a `sh` block, with lines that go on in the next one joined, without comments of their own line. */
export const commandsOf = (block: string): string[] =>
  block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter(line => line.trim() && !line.startsWith('#'))

/** What all of a `sh` block needs, where a comment line of its own says so. */
export const needOf = (block: string): CommandKind | undefined =>
  (['needs the network', 'needs ../shared'] as const).find(need =>
    block.split('\n').some(line => line.startsWith('#') && line.includes(need)),
  )

/**
 * How a command is tested: run by the runner of blocks; not at all, where it says what it needs; or by CI, as commands of the
 * repository itself. `nowhere` is a fault of the document.
 *
 * @param ci the text of `.ci/run`
 */
export function kindOf(command: string, ci: string): CommandKind {
  if (command.includes('needs the network')) return 'needs the network'
  if (command.includes('../shared')) return 'needs ../shared'
  const parts = command
    .replace(/\s+#.*$/, '')
    .split('&&')
    .map(part => part.trim())
  if (!parts.some(part => /^(npm|\.ci\/run)\b/.test(part))) return 'run'
  return parts.every(part => part === '.ci/run' || ci.includes(`'${part}'`)) ? 'in .ci/run' : 'nowhere'
}
