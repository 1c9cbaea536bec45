import { expect, type Page } from '@playwright/test';

/** Asks one question in the playground and waits for the answer and its sources. Returns the receipt's id. */
export async function ask(page: Page, question: string): Promise<string> {
  await page.getByRole('textbox', { name: 'Question' }).fill(question);
  await expect(page.getByRole('status', { name: 'Price' })).toContainText(/At most|Free for you/);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const link = page.getByRole('link', { name: 'Receipt', exact: true });
  await expect(page.getByText('Charged', { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Who earns' })).toBeVisible({ timeout: 60_000 });
  return (await link.getAttribute('href'))!.split('/').at(-1)!;
}
