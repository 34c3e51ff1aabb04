/** The four types of the demo, in the order in which they are dealt out. */
export const demoTypes = ['PER', 'LOC', 'ORG', 'MISC'] as const

/** A type of the demo: person, place, organisation or brand, animal or object. */
export type DemoType = (typeof demoTypes)[number]
