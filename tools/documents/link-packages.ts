import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Gives a folder the packages of the workspace, as somebody has them who installed them. */
export async function linkPackages(folder: string, root: string): Promise<void> {
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
}

/** This process's environment without colours, which are no part of what an example prints. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, ...others } = process.env
  return { ...others, FORCE_COLOR: '0' }
}
