import { expect, type Locator, type Page } from '@playwright/test';

/** Reloads until something is seen: a page shows what was indexed, a moment behind the wallet. */
export async function untilSeen(page: Page, what: Locator, timeoutMs = 60_000): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(what).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: timeoutMs, intervals: [500, 1_000, 2_000] });
}

/** The same for a figure under its label. */
export function untilShown(page: Page, label: string, figure: string): Promise<void> {
  const stat = page.locator('div', { has: page.getByText(label, { exact: true }) }).last();
  return untilSeen(page, stat.filter({ hasText: figure }));
}
