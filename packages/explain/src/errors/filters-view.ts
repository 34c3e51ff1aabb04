import { html, type TemplateResult } from 'lit'
import type { ErrorGallery } from '../error-gallery'
import { errorsOf, type Filters, kindsOf } from './filters'

const ANY = ''

/** A choice from a list, of which the first entry is any. */
function choice(
  label: string,
  options: readonly (readonly [value: string, name: string])[],
  chosen: string,
  choose: (value: string | null) => void,
): TemplateResult {
  const onChange = (event: Event): void => choose((event.target as HTMLSelectElement).value || null)
  return html`<label class="field"><span>${label}</span>
    <select @change=${onChange}>
      ${[[ANY, 'any'] as const, ...options].map(
        ([value, name]) => html`<option value=${value} .selected=${value === chosen}>${name}</option>`,
      )}
    </select></label>`
}

/** What narrows the posts down; a filter that would choose between all and none is not there. */
export function filtersView(
  { classes, posts }: ErrorGallery,
  filters: Filters,
  change: (some: Partial<Filters>) => void,
): TemplateResult {
  const errors = posts.map(post => errorsOf(post, kindsOf(classes)))
  const found = errors
    .flat()
    .flatMap(({ gold, predicted }) => [gold?.type ?? [], predicted?.type ?? []].flat())
  const types = [...new Set(found)].sort()
  const pictured = posts.filter(({ explanation }) => explanation.pictures.length > 0).length
  const pill = (name: string | null, title: string, count: number): TemplateResult => html`<label>
    <input type="radio" name="kind" .checked=${filters.kind === name} @change=${() => change({ kind: name })}>
    <span class="pill">${title} <small>${count}</small></span>
  </label>`
  const { hasPicture, kind } = filters
  const meaning = classes.find(({ name }) => name === kind)?.meaning
  return html`<section class="card filters" aria-label="Filters">
    <fieldset class="pills">
      <legend>Kind of error</legend>
      ${pill(null, 'any', posts.length)}
      ${classes.map(({ name, title }) => {
        const count = errors.filter(list => list.some(error => error.class === name)).length
        return count > 0 ? pill(name, title, count) : ''
      })}
    </fieldset>
    ${meaning ? html`<p class="aside">${meaning}</p>` : ''}
    <div class="fields">
      ${choice(
        'Entity type',
        types.map(type => [type, type]),
        filters.type ?? ANY,
        type => change({ type }),
      )}
      ${
        pictured > 0 && pictured < posts.length
          ? choice(
              'Picture',
              [
                ['with', 'with a picture'],
                ['without', 'without'],
              ],
              hasPicture === null ? ANY : hasPicture ? 'with' : 'without',
              value => change({ hasPicture: value === null ? null : value === 'with' }),
            )
          : ''
      }
      <label class="field wide"><span>Text or name of the post</span>
        <input type="search" dir="auto" autocomplete="off" spellcheck="false" .value=${filters.words}
          @input=${(event: Event) => change({ words: (event.target as HTMLInputElement).value })}></label>
    </div>
  </section>`
}
