import { join } from 'node:path'
import { runShown } from './processes'

/** Gives something a worktree of another commit with its dependencies, which is removed however it ends. */
export async function withWorktree<T>(
  { root, commit, folder }: { root: string; commit: string; folder: string },
  use: (worktree: string) => Promise<T>,
): Promise<T> {
  const worktree = join(folder, 'worktree')
  await runShown('git', ['worktree', 'add', '--detach', '--force', worktree, commit], { cwd: root })
  try {
    await runShown('npm', ['ci', '--no-audit', '--no-fund', '--silent'], { cwd: worktree })
    return await use(worktree)
  } finally {
    await runShown('git', ['worktree', 'remove', '--force', worktree], { cwd: root })
  }
}
