import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A mounted hierarchy of control groups, as `/proc/self/mountinfo` has it. */
interface Mount {
  /** The group that is seen at `point`. */
  root: string
  point: string
  version: 1 | 2
}

/** `150000 100000`, or `max 100000`, of control groups of version 2; -1 stands for no quota in version 1. */
const processorsOf = (quota: string, period: string): number => {
  const share = Number(quota) / Number(period)
  return share > 0 ? share : Number.POSITIVE_INFINITY
}

/** What a group that has no such file allows: everything. */
function readLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

const QUOTAS: Readonly<Record<Mount['version'], (group: string) => number>> = {
  1: group =>
    processorsOf(readLine(join(group, 'cpu.cfs_quota_us')), readLine(join(group, 'cpu.cfs_period_us'))),
  2: group => {
    const [quota = '', period = ''] = readLine(join(group, 'cpu.max')).split(' ')
    return processorsOf(quota, period)
  },
}

/** Spaces and the like stand as octal numbers in a mount's paths. */
const unescaped = (path: string): string =>
  path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

/** A line such as `32 31 0:29 / /sys/fs/cgroup/cpu rw shared:5 - cgroup cgroup rw,cpu`, where it mounts the groups of `cpu`. */
function mountOf(line: string): Mount | undefined {
  const [about, system] = line.split(' - ')
  const [type, , options = ''] = system?.split(' ') ?? []
  const version = type === 'cgroup2' ? 2 : type === 'cgroup' && options.split(',').includes('cpu') ? 1 : 0
  const [, , , root, point] = about!.split(' ')
  return version === 0 ? undefined : { version, root: unescaped(root!), point: unescaped(point!) }
}

/** The process's group in each version's hierarchy, of lines such as `0::/a` or `4:cpu,cpuacct:/a/b`. */
function groupsOf(lines: readonly string[]): Partial<Record<Mount['version'], string>> {
  const groups: Partial<Record<Mount['version'], string>> = {}
  for (const line of lines) {
    const [, id, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? []
    if (path === undefined) continue
    if (id === '0' && controllers === '') groups[2] = path
    else if (controllers!.split(',').includes('cpu')) groups[1] = path
  }
  return groups
}

/** The folders of a group and of all above it, as far as a mount shows them; none where it shows others. */
function foldersOf(group: string, { root, point }: Mount): string[] {
  const top = root === '/' ? '' : root
  const inside = group === top || group.startsWith(`${top}/`) ? group.slice(top.length) : '/..'
  const names = inside.split('/').filter(name => name !== '')
  // A group outside of what this process may see.
  if (names.includes('..')) return []
  return [...names.keys(), names.length].map(depth => join(point, ...names.slice(0, depth)))
}

/**
 * How many processors the quotas of this process's control groups allow, those of all groups above it too; of Linux alone,
 * `Infinity` where there is none. Two processors may be said as 200 ms of every 100.
 *
 * @param root the folder that `/proc` and the mounts are looked for in
 */
export function cpuQuota(root = '/'): number {
  const linesOf = (file: string): string[] => readLine(join(root, file)).split('\n')
  const groups = groupsOf(linesOf('proc/self/cgroup'))
  const quotas = linesOf('proc/self/mountinfo').flatMap(line => {
    const mount = mountOf(line)
    const group = mount && groups[mount.version]
    if (group === undefined) return []
    return foldersOf(group, mount!).map(folder => QUOTAS[mount!.version](join(root, folder)))
  })
  return Math.min(Number.POSITIVE_INFINITY, ...quotas)
}
