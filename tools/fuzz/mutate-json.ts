import type { Draw } from './draw'

/** Values as JSON spells them, which no writer of an honest file would. */
const VALUES: readonly string[] = [
  ...['null', 'true', '0', '-1', '0.5', '3', '1e999', '4294967296', '9007199254740993', '-0', '65537'],
  ...[
    '""',
    '"x"',
    '"1"',
    '"\\ud800"',
    '"\\u0000"',
    '"../../canary"',
    '"/etc/hostname"',
    '"__proto__"',
    '"(a+)+$"',
  ],
  ...[
    '[]',
    '[[]]',
    '[null]',
    '[0,0]',
    '[-1,1e9]',
    '{}',
    '{"":0}',
    '{"__proto__":{"polluted":1}}',
    '{"a":1,"a":2}',
  ],
  `"${'a'.repeat(100_000)}"`,
  '['.repeat(20_000) + ']'.repeat(20_000),
  `[${'1,'.repeat(10_000)}1]`,
]

const KEYS = ['__proto__', 'constructor', 'toString', 'then', '', 'x', '0']

interface Slot {
  holder: Record<string, unknown>
  key: string
}

/** Every place of a tree, but of long lists and vocabularies the first ones only. */
function slotsIn(root: Record<string, unknown>): Slot[] {
  const slots: Slot[] = []
  const holders: unknown[] = [root]
  for (let holder = holders.pop(); holder !== undefined && slots.length < 2000; holder = holders.pop()) {
    for (const key of Object.keys(holder as object).slice(0, 40)) {
      const inner = (holder as Record<string, unknown>)[key]
      slots.push({ holder: holder as Slot['holder'], key })
      if (typeof inner === 'object' && inner !== null) holders.push(inner)
    }
  }
  return slots
}

/** A JSON text whose tree has one to three places that are otherwise; undefined for a text that is none. */
export function mutateJson(text: string, draw: Draw): string | undefined {
  const root: { tree?: unknown } = {}
  try {
    root.tree = JSON.parse(text)
  } catch {
    return undefined
  }
  const raw: string[] = []
  const hostile = (): string => `@raw ${raw.push(draw.one(VALUES)) - 1}`
  for (let change = 0; change <= draw.below(3); change++) {
    if (slotsIn(root).length === 0) root.tree = hostile()
    const slots = slotsIn(root)
    const { holder, key } = draw.one(slots)
    const value = holder[key]
    const other = draw.one(slots)
    const put = (inner: unknown): void => {
      holder[key] = inner
    }
    const changes: (() => void)[] = [
      () => put(hostile()),
      () => delete holder[key],
      () => put(structuredClone(other.holder[other.key])),
      () => define(holder, draw.one(KEYS), hostile()),
      () => define(holder, draw.one(KEYS), value),
      () => put([value]),
      () => put(typeof value === 'number' ? value + draw.one([-1, 1, 0.5, 1e9]) : hostile()),
      () => put(typeof value === 'string' ? value.slice(draw.below(value.length)) : hostile()),
    ]
    draw.one(changes)()
  }
  return JSON.stringify(root.tree ?? null).replace(/"@raw (\d+)"/g, (_, place) => raw[Number(place)]!)
}

const define = (holder: object, key: string, value: unknown): void =>
  void Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
