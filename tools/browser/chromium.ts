import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A real Chromium; undefined where there is none. */
export const chromiumPath = (): string | undefined => process.env['CHROMIUM'] ?? PLACES.find(existsSync)

/** Starts a Chromium without a screen. @param flags beside the usual ones */
export const startChromium = (executablePath: string, flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
      ...flags,
    ],
  })
