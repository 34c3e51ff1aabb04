import { css } from 'lit'

/** What chooses one of a few: radio buttons that look like pills. */
export const controlStyle = css`
  fieldset {
    border: 0;
    min-inline-size: 0;
  }
  legend {
    color: var(--soft);
    font-size: 0.8125rem;
    margin-block-end: 0.3rem;
    padding: 0;
  }
  label {
    cursor: pointer;
    position: relative;
  }
  input[type='radio'] {
    inset: 0;
    margin: 0;
    opacity: 0;
    position: absolute;
  }
  input:focus-visible + span {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .pills {
    background: var(--sunken);
    border-radius: 9px;
    display: flex;
    flex-wrap: wrap;
    inline-size: fit-content;
    padding: 3px;
  }
  .pills legend {
    clip-path: inset(50%);
    position: absolute;
  }
  .pills span {
    border-radius: 7px;
    color: var(--soft);
    display: block;
    font-size: 0.875rem;
    padding: 0.3rem 0.85rem;
  }
  .pills input:checked + span {
    background: var(--card);
    box-shadow: 0 1px 3px rgb(20 10 40 / 18%);
    color: var(--ink);
    font-weight: 600;
  }
`
