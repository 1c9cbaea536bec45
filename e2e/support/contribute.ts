import { expect, type Page } from '@playwright/test';

export type FileVerdicts = { counts: Record<'new' | 'duplicate' | 'invalid' | 'held', number>; named: string[] };

/** Opens a Datanet's contribute page and drops a file into it. */
export async function dropFile(
  page: Page,
  slug: string,
  file: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0],
) {
  await page.goto(`/datanets/${slug}/contribute`);
  await page.getByText('Drop a file', { exact: true }).click();
  await page.locator('input[type=file]').setInputFiles(file);
}

/** Reads what the page says about each row that is not new, e.g. "17: Answer is empty …". */
export async function readVerdicts(page: Page, rows: number): Promise<FileVerdicts> {
  const count = (group: string) => page.locator(`[data-verdict-count=${group}]`);
  await expect(page.locator('tr[data-verdict]')).toHaveCount(rows);
  // Duplicates are known when the server has compared hashes.
  await expect(page.getByText('Stored rows could not be compared')).toHaveCount(0);
  await expect(count('duplicate')).not.toHaveText('0');
  const number = async (group: string) => Number(await count(group).innerText());
  const named: string[] = [];
  for (const row of await page.locator('tr[data-verdict]:not([data-verdict=new])').all()) {
    named.push(`${await row.getAttribute('data-line')}: ${await row.locator('td').nth(2).innerText()}`);
  }
  return {
    counts: {
      new: await number('new'),
      duplicate: await number('duplicate'),
      invalid: await number('invalid'),
      held: await number('held'),
    },
    named: named.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
  };
}

/** Sends the new rows. Returns the contribution's id; its page is open then. */
export async function sendRows(page: Page, count: number): Promise<string> {
  await page.getByRole('button', { name: `Send ${count} rows` }).click();
  await page.waitForURL(/\/contributions\/ctr_/);
  await expect(page.getByRole('heading', { level: 1, name: `${count} rows contributed` })).toBeVisible();
  return page.url().split('/').at(-1)!;
}
