/** The pictures that a reader chooses from: those of posts that the demo shows, and what a person sees. */
export const PLAYGROUND_PICTURES = [
  { name: 'person', title: 'Jordan beside a person', label: 'a person' },
  { name: 'mountains', title: 'Jordan beside mountains', label: 'mountains' },
  { name: 'logo', title: 'Jordan beside a logo', label: 'a logo' },
  { name: 'dog', title: 'Jordan beside a dog', label: 'a dog' },
] as const

/** The first is told by its picture alone; beside the second, one that is no place does not belong. */
export const PLAYGROUND_TEXTS: readonly string[] = [
  "Can't stop thinking about Jordan",
  'Our flight to Jordan is late tonight #NoFilter',
]
