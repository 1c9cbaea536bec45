import { expect, type Page } from '@playwright/test';

/** Accepts every row that waits on a Datanet's review page, as its signed-in owner or curator. */
export async function acceptAll(page: Page, slug: string, count: number, picture: (name: string) => Promise<void>) {
  await page.goto(`/datanets/${slug}/review`);
  await expect(page.locator('[data-row]')).toHaveCount(count);
  await page.getByRole('button', { name: `Select all ${count}` }).click();
  await picture('review-selected');
  await page.getByRole('button', { name: `Accept ${count} selected` }).click();
  await expect(page.getByText('Nothing waits for review')).toBeVisible();
}

/** Freezes the accepted rows into version `number` and writes its root on chain with the wallet. */
export async function freezeAndAnchor(
  page: Page,
  slug: string,
  number: number,
  picture: (name: string) => Promise<void>,
) {
  await page.goto(`/datanets/${slug}?tab=versions`);
  await picture('before-freeze');
  await page.getByRole('button', { name: `Freeze version ${number}` }).click();
  const anchor = page.getByRole('button', { name: `Anchor version ${number}` });
  await expect(anchor).toBeVisible();
  await picture('frozen');
  await anchor.click();
  const version = page.getByRole('row').filter({ has: page.getByRole('cell', { name: String(number), exact: true }) });
  await expect(version.getByText(/^block \d+$/)).toBeVisible({ timeout: 30_000 });
  await expect(anchor).toBeHidden();
}
