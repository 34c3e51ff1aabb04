/** An element that the page has. */
export const element = <Found extends HTMLElement>(selector: string): Found =>
  document.querySelector<Found>(selector)!
