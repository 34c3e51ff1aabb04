/** A fenced block of a markdown text, and what the comment right before it says of it. */
export interface CodeBlock {
  language: string
  content: string
  /** Its first line in the text, from 1. */
  line: number
  /** `<!-- given: NAMES -->`: files and folders that a reader has at hand. */
  given: string[]
  /** `<!-- absent: NAMES -->`: what earlier blocks made, and this one makes anew. */
  absent: string[]
  /** `<!-- file: NAME -->`: the file whose content it is. */
  file?: string
  /** `<!-- tested in: FILE -->`: what runs it, where that is not the runner of blocks. */
  testedIn?: string
}

/** The fenced blocks of a markdown text, in order. */
export function codeBlocks(markdown: string): CodeBlock[] {
  const fence = /((?:^<!-- [^\n]*? -->\n)*)(?:\n)?^(`{3,})[ \t]*([^\s`]*)[^\n`]*\r?\n(.*?)^\2[ \t]*$/gms
  return [...markdown.matchAll(fence)].map(
    ({ index, 0: all, 1: comments = '', 3: language = '', 4: content = '' }) => {
      const said = (name: string) => new RegExp(`<!-- ${name}: (.*?) -->`).exec(comments)?.[1]
      const before = markdown.slice(0, index + all.indexOf('```'))
      return {
        ...{ language, content, line: before.split('\n').length },
        given: said('given')?.split(/,\s*/) ?? [],
        absent: said('absent')?.split(/,\s*/) ?? [],
        file: said('file'),
        testedIn: said('tested in'),
      }
    },
  )
}
