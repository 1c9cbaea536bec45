import { expect, type Page } from '@playwright/test';
import { findViolations } from './accessibility.ts';

/**
 * Opens a path at a width and returns what is wrong with it as it is and, with `both`, in the dark: axe's findings, and what is wider
 * than the screen. `onLight` runs between the two, for a picture.
 */
export async function readPage(
  page: Page,
  path: string,
  width: number,
  { both = true, onLight = async () => {} }: { both?: boolean; onLight?: () => Promise<void> } = {},
): Promise<string[]> {
  const problems: string[] = [];
  const note = (theme: string, found: string[]) =>
    problems.push(...found.map((violation) => `${path} at ${width} px, ${theme}: ${violation}`));
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  const response = await page.goto(path);
  expect(response?.status(), path).toBe(200);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  note('light', await findViolations(page, 'all'));
  await onLight();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 0) problems.push(`${path} at ${width} px is ${overflow} px wider than the screen`);
  if (!both) return problems;
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  note('dark', await findViolations(page, 'colours'));
  return problems;
}
