import { html, type TemplateResult } from 'lit'
import { percent, points } from './format-number'
import type { WordMap } from './map-of'
import type { ViewState } from './view-state'

/** What the colours of a map say, and what they do not. */
export function legendView(
  { kind, head }: Pick<ViewState, 'kind' | 'head'>,
  map: WordMap | undefined,
): TemplateResult {
  if (!map) {
    return html`<p class="aside">${kind === 'none' ? 'No map lies over it.' : 'This word has no such map.'}</p>`
  }
  if (map.kind === 'attention') {
    const even = 1 / map.values.length
    const whose = head === null ? 'mean of all heads' : `head ${head + 1}`
    return html`<div class="legend attention">
        <span>0</span><i aria-hidden="true"><u .style=${`inset-inline-start:${Math.min(100, (even / (map.most || 1)) * 100)}%`}></u></i
        ><span>${percent(map.most)}</span>
      </div>
      <p class="aside"><b>Attention</b> (${whose}): where the word looks; the mark is an even share, ${percent(even)}. It is
      <b>no proof</b> that a region mattered.</p>`
  }
  return html`<div class="legend occlusion">
      <span>${points(-map.most)}</span><i aria-hidden="true"></i><span>${points(map.most)}</span>
    </div>
    <p class="aside"><b>Occlusion</b>: by how many points the probability of the word's label falls
    (<span class="key supports"></span> the region spoke for it) or rises (<span class="key opposes"></span> against it)
    when the region alone is hidden.</p>`
}
