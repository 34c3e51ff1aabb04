/** The part of jasmine-core 5 that the runner uses; the package has no types of its own. */
declare module 'jasmine-core' {
  interface Expectation {
    matcherName: string
    message: string
  }
  interface SpecResult {
    id: string
    fullName: string
    status: 'passed' | 'failed' | 'pending' | 'excluded'
    passedExpectations: Expectation[]
    failedExpectations: Expectation[]
  }
  interface SuiteResult {
    fullName: string
    failedExpectations: Expectation[]
  }
  interface Reporter {
    specStarted?(spec: SpecResult): void
    specDone?(spec: SpecResult): void
    suiteDone?(suite: SuiteResult): void
    jasmineDone?(run: SuiteResult): void
  }
  interface Environment {
    configure(options: { random: boolean; specFilter: (spec: { getFullName(): string }) => boolean }): void
    addReporter(reporter: Reporter): void
    execute(): Promise<unknown>
  }
  interface Jasmine {
    DEFAULT_TIMEOUT_INTERVAL: number
    getEnv(): Environment
  }
  /** Starts jasmine and sets its global functions. */
  export function boot(): Jasmine
}
