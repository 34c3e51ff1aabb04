import type { ExplanationView } from '@mafjs/explain/view'
import { askExplanation, ServerError } from './ask-explanation'
import { element } from './element'
import { pictureWell } from './picture-well'

// The script of the playground: a post is explained while it is typed. The newest question counts; older ones are given up.

/** Milliseconds without a key after which a post is sent. */
const PAUSE = 250

const text = element<HTMLTextAreaElement>('#text')
const occlusion = document.querySelector<HTMLInputElement>('#occlusion')
const keyForm = element<HTMLFormElement>('#key-form')
const keyField = element<HTMLInputElement>('#key')
const says = element('#says')
const view = element<ExplanationView>('maf-explanation')

/** Kept here alone: with the page, it is gone. */
let key = ''
let asked = new AbortController()
let timer: ReturnType<typeof setTimeout> | undefined

function say(sentence: string, kind: 'word' | 'wrong' = 'word'): void {
  says.textContent = sentence
  says.className = kind
}

const well = pictureWell(() => ask())

/** What went wrong, for a person. */
function tell(error: unknown): void {
  // What is shown would be the answer to another post.
  view.hidden = true
  if (!(error instanceof ServerError)) {
    say('The server could not be reached, or the picture is no longer there.', 'wrong')
  } else if (error.status === 401) {
    keyForm.hidden = false
    say(key === '' ? 'This server asks for a key.' : 'The server does not know this key.', 'wrong')
  } else say(error.message, 'wrong')
}

async function explain(signal: AbortSignal): Promise<void> {
  const { picture, source } = well
  const question = { text: text.value, picture, occlusion: occlusion?.checked ?? false }
  const onWait = (seconds: number): void =>
    say(`The server has no room; it is asked again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`)
  view.setAttribute('aria-busy', 'true')
  try {
    const explanation = await askExplanation(question, { key, signal, onWait })
    if (signal.aborted) return
    // Its bytes were sent, by which the server names it.
    const pictures = explanation.pictures.map(one => ({ ...one, name: picture?.name ?? one.name }))
    view.show({ ...explanation, pictures }, { pictures: pictures.map(() => source) })
    view.hidden = false
    keyForm.hidden = true
    say('')
  } catch (error) {
    if (!signal.aborted) tell(error)
  } finally {
    if (!signal.aborted) view.removeAttribute('aria-busy')
  }
}

/** Asks for the post as it stands. @param after milliseconds in which it may still change */
function ask(after = 0): void {
  asked.abort()
  clearTimeout(timer)
  asked = new AbortController()
  const { signal } = asked
  if (text.value.trim() === '') {
    view.hidden = true
    view.removeAttribute('aria-busy')
    say('')
    return
  }
  timer = setTimeout(() => void explain(signal), after)
}

text.addEventListener('input', event => {
  // What is typed by way of other signs is not there yet.
  if (!(event as InputEvent).isComposing) ask(PAUSE)
})
text.addEventListener('compositionend', () => ask(PAUSE))
occlusion?.addEventListener('change', () => ask())
keyForm.addEventListener('submit', event => {
  event.preventDefault()
  key = keyField.value.trim()
  ask()
})
// What a browser has kept of a page that was left and is there again.
ask()
