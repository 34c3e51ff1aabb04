import { loadMaf } from '/maf/browser.js'

// Tests and comparisons find it there.
globalThis.loadMaf = loadMaf
