import { css } from 'lit'

/** Bars of probabilities, gates and the dial. */
export const wordStyle = css`
  .bars li,
  .own-gate {
    align-items: center;
    display: grid;
    font-size: 0.875rem;
    font-variant-numeric: tabular-nums;
    gap: 0.75rem;
    grid-template-columns: minmax(4.25rem, auto) minmax(0, 1fr) 4.25rem;
    padding-block: 0.16rem;
  }
  .name {
    color: var(--soft);
    overflow-wrap: anywhere;
  }
  .given .name,
  .given .number {
    color: var(--ink);
    font-weight: 650;
  }
  .number {
    color: var(--soft);
    text-align: end;
    white-space: nowrap;
  }
  .bar {
    background: var(--sunken);
    block-size: 10px;
    border-radius: 5px;
    overflow: hidden;
  }
  .bar i {
    background: oklch(0.66 0.13 var(--hue));
    block-size: 100%;
    border-radius: 5px;
    display: block;
    min-inline-size: 1px;
    print-color-adjust: exact;
  }
  .bar.none i {
    background: var(--soft);
  }
  .own-gate {
    border-block-start: 1px solid var(--line);
    margin-block-start: 0.75rem;
    padding-block-start: 0.75rem;
  }
  .own-gate .number {
    color: var(--ink);
    font-weight: 650;
  }
  .quantiles {
    display: block;
    print-color-adjust: exact;
  }
  .quantiles.wide {
    block-size: 18px;
    inline-size: 100%;
  }
  .quantiles.tall {
    block-size: 64px;
    inline-size: 100%;
    max-inline-size: 22px;
  }
  .quantiles .ground {
    fill: var(--sunken);
  }
  .quantiles .whisker {
    fill: color-mix(in oklab, var(--accent) 45%, var(--card));
  }
  .quantiles .box {
    fill: color-mix(in oklab, var(--accent) 55%, var(--card));
  }
  .quantiles .median {
    fill: var(--card);
  }
  .quantiles .mean {
    fill: var(--accent);
  }
  .gates {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 2px;
  }
  .column {
    align-items: center;
    border-radius: 6px;
    cursor: pointer;
    display: flex;
    flex: 0 0 9px;
    flex-direction: column;
    padding: 3px 0;
  }
  .named .column {
    flex: 0 1 auto;
    min-inline-size: 30px;
    padding-inline: 3px;
  }
  .named .quantiles.tall {
    inline-size: 18px;
  }
  .column.focus {
    background: var(--accent-ground);
  }
  .under {
    color: var(--soft);
    font-size: 0.75rem;
    margin-block-start: 0.2rem;
    max-inline-size: 6.5em;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .focus .under {
    color: var(--ink);
    font-weight: 600;
  }
  .no-gate {
    background: var(--line);
    block-size: 1px;
    inline-size: 60%;
    margin-block: 63px 0;
  }
  .dial {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.25rem;
  }
  .dial svg {
    inline-size: 132px;
    overflow: visible;
  }
  .dial p {
    flex: 1 1 10rem;
    font-size: 0.9375rem;
  }
  .dial path {
    fill: none;
    stroke-linecap: round;
    stroke-width: 9;
  }
  .dial .track {
    stroke: var(--sunken);
  }
  .dial .value {
    stroke: var(--accent);
  }
  .dial .needle {
    stroke: var(--ink);
    stroke-width: 2.5;
  }
  .dial text {
    fill: var(--ink);
    font-size: 16px;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
    text-anchor: middle;
  }
`
