import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cpuQuota } from '../../src/platform/cpu-quota'

/** A system as `/proc` and the mounts show it, in a folder of its own. */
async function systemOf(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'maf-cgroup-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), text)
  }
  return root
}

const V2 = '35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n'
const V1 = '33 25 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:11 - cgroup cgroup rw,cpu,cpuacct\n'
const system = (cgroup: string, mountinfo: string, groups: Readonly<Record<string, string>>) => ({
  'proc/self/cgroup': cgroup,
  'proc/self/mountinfo': `24 1 254:1 / / rw,relatime - ext4 /dev/vda1 rw\n${mountinfo}`,
  ...Object.fromEntries(Object.entries(groups).map(([name, text]) => [`sys/fs/cgroup/${name}`, text])),
})

test.each<[string, Record<string, string>, number]>([
  ['a system without control groups', {}, Number.POSITIVE_INFINITY],
  ['no quota', system('0::/a\n', V2, { 'a/cpu.max': 'max 100000\n' }), Number.POSITIVE_INFINITY],
  ['a quota of its own', system('0::/a\n', V2, { 'a/cpu.max': '150000 100000\n' }), 1.5],
  [
    'the least of all groups above it',
    system('0::/a/b/c\n', V2, {
      'a/cpu.max': '200000 100000\n',
      'a/b/cpu.max': '50000 100000\n',
      'a/b/c/cpu.max': 'max 100000\n',
    }),
    0.5,
  ],
  ['a container, which sees itself as the root', system('0::/\n', V2, { 'cpu.max': '300000 100000\n' }), 3],
  [
    'a container without a view of its own: the mount shows its group alone',
    system('0::/docker/x\n', V2.replace(' / /sys', ' /docker/x /sys'), { 'cpu.max': '400000 200000\n' }),
    2,
  ],
  [
    'a mount of another group, whose quota is not its own',
    system('0::/docker/xy\n', V2.replace(' / /sys', ' /docker/x /sys'), { 'cpu.max': '100000 100000\n' }),
    Number.POSITIVE_INFINITY,
  ],
  [
    'a group outside of what it may see',
    system('0::/../other\n', V2, { 'cpu.max': '100000 100000\n' }),
    Number.POSITIVE_INFINITY,
  ],
  [
    'version 1, with groups above',
    system('4:cpu,cpuacct:/a/b\n1:name=systemd:/x\n', V1, {
      'cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
      'cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      'cpu,cpuacct/a/cpu.cfs_quota_us': '250000\n',
      'cpu,cpuacct/a/cpu.cfs_period_us': '100000\n',
      'cpu,cpuacct/a/b/cpu.cfs_quota_us': '-1\n',
      'cpu,cpuacct/a/b/cpu.cfs_period_us': '100000\n',
    }),
    2.5,
  ],
  [
    'both versions at once, of which 1 has the processors',
    system('4:cpu,cpuacct:/a\n0::/a\n', `${V1}${V2.replace('/sys/fs/cgroup', '/sys/fs/cgroup/unified')}`, {
      'cpu,cpuacct/a/cpu.cfs_quota_us': '100000\n',
      'cpu,cpuacct/a/cpu.cfs_period_us': '50000\n',
    }),
    2,
  ],
  [
    'version 1 of cpuset and cpuacct, which have no quotas',
    system('4:cpuset:/a\n', V1.replaceAll('cpu,cpuacct', 'cpuset'), {
      'cpuset/a/cpu.cfs_quota_us': '100000\n',
      'cpuset/a/cpu.cfs_period_us': '100000\n',
    }),
    Number.POSITIVE_INFINITY,
  ],
  [
    'a mount with a space in its path',
    system('0::/a\n', V2.replace('/sys/fs/cgroup', '/sys/fs/cgroup/my\\040groups'), {
      'my groups/a/cpu.max': '100000 100000\n',
    }),
    1,
  ],
])('%s', async (_, files, quota) => {
  expect(cpuQuota(await systemOf(files))).toBe(quota)
})
