/** The file that says a folder of inputs is complete, and what is in it. */
export const PREPARED = 'prepared.json'
