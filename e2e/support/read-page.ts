import { expect, type Page } from '@playwright/test';
import { findViolations } from './accessibility.ts';

/** Narrow, middle, wide; every page is read at these. The middle one is read in one theme, because colours change by theme alone. */
const widths = [320, 768, 1440] as const;

/**
 * Opens a path once and reads it at three widths, in the light and in the dark. Returns what is wrong: axe's findings, and what is
 * wider than the screen. `onLight` runs at the narrow and the wide one, for a picture.
 */
export async function readPage(
  page: Page,
  path: string,
  onLight: (width: number) => Promise<void> = async () => {},
): Promise<string[]> {
  const problems: string[] = [];
  await page.setViewportSize({ width: widths[0], height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  const response = await page.goto(path);
  expect(response?.status(), path).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  for (const width of widths) {
    const note = (theme: string, found: string[]) =>
      problems.push(...found.map((violation) => `${path} at ${width} px, ${theme}: ${violation}`));
    await page.setViewportSize({ width, height: 900 });
    await expect(page).toHaveTitle(/\S/); // a page that follows something may just be loading itself again
    note('light', await findViolations(page, 'all'));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) problems.push(`${path} at ${width} px is ${overflow} px wider than the screen`);
    if (width === 768) continue;
    await onLight(width);
    await inTheme(page, 'dark');
    note('dark', await findViolations(page, 'colours'));
    await inTheme(page, 'light');
  }
  return problems;
}

async function inTheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
}
