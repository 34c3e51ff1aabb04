import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { projects: ['packages/*', 'tools', 'benchmarks', 'examples'], watch: false, maxWorkers: 2 },
})
