import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';

/**
 * Takes numbered pictures of a journey's steps into `test-results/<journey>/`, for whoever looks at them. Nobody looks at a whole
 * run's, and a picture takes as long as the page that it shows: E2E_PICTURES=0 takes none (scripts/test/suites.ts).
 */
export function picturesOf(journey: string): (page: Page, name: string) => Promise<void> {
  if (process.env.E2E_PICTURES === '0') return async () => {};
  let count = 0;
  return async (page, name) => {
    count += 1;
    const path = join('test-results', journey, `${String(count).padStart(2, '0')}-${name}.png`);
    mkdirSync(dirname(path), { recursive: true });
    await page.evaluate(() => window.scrollTo(0, 0)); // else the sticky header stands in the middle of the picture
    await page.screenshot({ path, fullPage: true, animations: 'disabled' });
  };
}
