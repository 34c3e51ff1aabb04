/** The part of jasmine-core 5 that the runner uses; the package has no types of its own. */
declare module 'jasmine-core' {
  interface Result {
    id: string
    fullName: string
    status: 'passed' | 'failed' | 'pending' | 'excluded'
    passedExpectations: { matcherName: string; message: string }[]
    failedExpectations: { matcherName: string; message: string }[]
  }
  interface Environment {
    configure(options: { random: boolean; specFilter: (spec: { getFullName(): string }) => boolean }): void
    addReporter(
      reporter: Partial<
        Record<'specStarted' | 'specDone' | 'suiteDone' | 'jasmineDone', (one: Result) => void>
      >,
    ): void
    execute(): Promise<unknown>
  }
  /** Starts jasmine and sets its global functions. */
  export function boot(): { DEFAULT_TIMEOUT_INTERVAL: number; getEnv(): Environment }
}
