import { css } from 'lit'

/** Pictures, the maps over them, and the heads of attention. */
export const pictureStyle = css`
  .frames {
    display: grid;
    gap: 0.75rem;
  }
  .count-2 {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }
  .count-3 {
    grid-template-columns: repeat(auto-fill, minmax(140px, 1fr));
  }
  .frame {
    background: var(--sunken);
    border-radius: 10px;
    inline-size: min(100%, 460px / var(--tall));
    margin-inline: auto;
    overflow: hidden;
    position: relative;
  }
  .frame img,
  .absent {
    block-size: 100%;
    display: block;
    inline-size: 100%;
    object-fit: fill;
  }
  .frame img.broken {
    visibility: hidden;
  }
  .absent {
    background: repeating-conic-gradient(var(--line) 0% 25%, transparent 0% 50%) 0 / 24px 24px;
  }
  .map,
  .unseen {
    block-size: 100%;
    inline-size: 100%;
    inset: 0 auto auto 0;
    position: absolute;
  }
  .unseen {
    pointer-events: none;
  }
  .unseen path {
    fill: rgb(10 8 24 / 72%);
  }
  .unseen rect {
    fill: none;
    stroke: #fff;
    stroke-dasharray: 4 4;
    stroke-width: 1.5px;
    vector-effect: non-scaling-stroke;
  }
  figcaption {
    color: var(--soft);
    display: flex;
    flex-wrap: wrap;
    font-size: 0.8125rem;
    gap: 0.15rem 0.75rem;
    justify-content: space-between;
    margin-block-start: 0.4rem;
    overflow-wrap: anywhere;
  }
  figcaption b {
    color: var(--ink);
    font-weight: 600;
  }
  .legend {
    align-items: center;
    color: var(--soft);
    direction: ltr;
    display: flex;
    font-size: 0.75rem;
    font-variant-numeric: tabular-nums;
    gap: 0.5rem;
    margin-block-start: 0.75rem;
  }
  .legend i {
    block-size: 8px;
    border-radius: 4px;
    flex: 1;
    position: relative;
    print-color-adjust: exact;
  }
  .legend.attention i {
    background: linear-gradient(90deg, #17131f, #b58217 60%, #ffbe1e);
  }
  .legend.occlusion i {
    background: linear-gradient(90deg, #2dd4bf, #17131f 50%, #fb5a8c);
  }
  .legend u {
    background: var(--card);
    block-size: 14px;
    border-inline: 1px solid var(--ink);
    inline-size: 3px;
    inset-block-start: -3px;
    margin-inline-start: -1px;
    position: absolute;
  }
  .legend + .aside {
    margin-block-start: 0.4rem;
  }
  .key {
    border-radius: 3px;
    display: inline-block;
    block-size: 0.7em;
    inline-size: 0.7em;
  }
  .key.supports {
    background: #2dd4bf;
  }
  .key.opposes {
    background: #fb5a8c;
  }
  .key.mean {
    background: var(--accent);
    inline-size: 0.28em;
  }
  .pictures .pills,
  .heads {
    margin-block-start: 1rem;
  }
  .heads {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  .heads legend {
    float: inline-start;
    inline-size: 100%;
  }
  .stamp {
    border-radius: 8px;
    color: var(--soft);
    display: block;
    font-size: 0.75rem;
    padding: 3px;
    text-align: center;
  }
  .stamp > span {
    display: block;
    margin-block-start: 0.15rem;
  }
  .stamp svg {
    background: #17131f;
    block-size: 44px;
    outline: 1px solid var(--line);
    border-radius: 6px;
    fill: #ffbe1e;
    inline-size: 44px;
  }
  .stamp svg + svg {
    margin-inline-start: 2px;
  }
  .heads input:checked + .stamp {
    background: var(--accent-ground);
    box-shadow: 0 0 0 2px var(--accent);
    color: var(--ink);
    font-weight: 600;
  }
`
