import { demoTypes } from '../entity-types'
import { hashtags, openers } from './decorations'
import { fillers } from './fillers'
import { decidedTemplates, emptyTemplates, openTemplates, secondTemplates } from './templates'

/** Every template of the corpus. */
function allTemplates(): string[] {
  const ofTypes = demoTypes.flatMap(type => [...decidedTemplates[type], ...secondTemplates[type]])
  return [...ofTypes, ...openTemplates, ...emptyTemplates]
}

/** The runs of letters of a text, in order: how WordPiece sees it, each sign apart. */
function letterRuns(text: string): string[] {
  return text.match(/[A-Za-z]+/g) ?? []
}

/** Every ordinary word that a post can hold, as it is written there (names, numbers, mentions and links apart). */
export function demoWords(): string[] {
  const fixed = allTemplates().map(template => template.replace(/<\w+>|\{\w\}/g, ' '))
  const texts = [...fixed, ...Object.values(fillers).flat(), ...openers, ...hashtags, 'RT', 'http', 'co']
  return [...new Set(texts.flatMap(letterRuns))]
}
