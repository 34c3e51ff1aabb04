import { css } from 'lit'

/** Filters and cards; a card is one column on a phone and three where there is room. */
export const errorsStyle = css`
  :host {
    container: errors / inline-size;
  }
  .errors {
    display: grid;
    gap: 1rem;
  }
  .about p {
    overflow-wrap: anywhere;
  }
  .counts {
    color: var(--soft);
    display: flex;
    flex-wrap: wrap;
    font-size: 0.875rem;
    gap: 0.15rem 1.1rem;
    margin-block-start: 0.4rem;
  }
  .counts b {
    color: var(--ink);
    font-variant-numeric: tabular-nums;
    font-weight: 650;
  }
  .filters {
    padding-block: 1rem;
  }
  .pills small {
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
  }
  .fields {
    display: grid;
    gap: 0.75rem;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 8rem), 1fr));
    margin-block-start: 0.9rem;
  }
  .field {
    color: var(--soft);
    cursor: auto;
    display: grid;
    font-size: 0.8125rem;
    gap: 0.25rem;
  }
  .field.wide {
    grid-column: span 2;
  }
  select,
  input[type='search'] {
    background: var(--card);
    border: 1px solid var(--control);
    border-radius: 8px;
    color: var(--ink);
    font: inherit;
    font-size: 0.9375rem;
    inline-size: 100%;
    min-block-size: 2.35rem;
    padding: 0.3rem 0.6rem;
  }
  .status {
    color: var(--soft);
    font-size: 0.875rem;
  }
  .posts {
    display: grid;
    gap: 1rem;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .posts > li {
    min-inline-size: 0;
  }
  .body {
    display: grid;
    gap: 0.9rem 1.25rem;
  }
  .pictured {
    grid-template-columns: clamp(5rem, 17cqi, 8.5rem) minmax(0, 1fr);
  }
  .pictured table {
    grid-column: 1 / -1;
  }
  .thumb img,
  .absent {
    block-size: auto;
    border-radius: 10px;
    display: block;
    inline-size: 100%;
    max-block-size: 15rem;
    object-fit: cover;
  }
  .absent {
    aspect-ratio: 1;
    background: repeating-conic-gradient(var(--line) 0% 25%, transparent 0% 50%) 0 / 24px 24px;
  }
  .thumb .aside {
    margin-block-start: 0.3rem;
  }
  .own h2 {
    font-size: 0.8125rem;
    margin-block-end: 0.3rem;
  }
  .own .text {
    font-size: 1.0625rem;
    line-height: 1.6;
  }
  mark {
    background: var(--accent-ground);
    border-radius: 0.25em;
    box-shadow: 0 0 0 0.1em var(--accent-ground);
    color: inherit;
  }
  table {
    align-self: start;
    border-collapse: collapse;
    font-size: 0.9375rem;
    inline-size: 100%;
  }
  th {
    color: var(--soft);
    font-size: 0.8125rem;
    font-weight: 600;
    text-align: start;
  }
  tbody th {
    inline-size: 21%;
  }
  tbody td {
    inline-size: 39.5%;
    overflow-wrap: anywhere;
  }
  th,
  td {
    padding: 0.35rem 0.6rem 0.35rem 0;
    vertical-align: baseline;
  }
  tbody tr {
    border-block-start: 1px solid var(--line);
  }
  tbody tr:not(.right) th {
    color: var(--ink);
  }
  .right .quoted {
    font-weight: 400;
  }
  .chip {
    display: inline-block;
    padding: 0.05em 0.4em;
  }
  button {
    background: none;
    border: 1px solid var(--control);
    border-radius: 8px;
    color: var(--ink);
    cursor: pointer;
    font: inherit;
    font-size: 0.875rem;
    margin-block-start: 0.9rem;
    padding: 0.35rem 0.9rem;
  }
  button:hover {
    background: var(--sunken);
  }
  .why {
    border-block-start: 1px solid var(--line);
    margin-block-start: 1rem;
    padding-block-start: 1rem;
  }
  @container errors (inline-size < 480px) {
    .card {
      padding-inline: 0.9rem;
    }
    .field.wide {
      grid-column: 1 / -1;
    }
  }
  @container errors (inline-size >= 860px) {
    .body {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1.15fr);
    }
    .pictured {
      grid-template-columns: 8.5rem minmax(0, 1fr) minmax(0, 1.15fr);
    }
    .pictured table {
      grid-column: auto;
    }
  }
  @media print {
    .filters,
    button {
      display: none;
    }
  }
`
