import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';

/** A CSV as a domain expert keeps one: real questions and answers under names of their own. */
function expertCsv(rows: number): Buffer {
  const lines = readFileSync('db/samples/customer-support.jsonl', 'utf8').trim().split('\n').slice(0, rows);
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const table = lines.map((line) => {
    const { prompt, completion } = JSON.parse(line) as { prompt: string; completion: string };
    return `${quote(prompt)},${quote(completion)}`;
  });
  return Buffer.from(['Customer asks,We say', ...table].join('\n'));
}

export async function next(page: Page, title: string): Promise<void> {
  await page.locator('footer').getByRole('button', { name: title }).first().click();
  await expect(page.getByRole('heading', { level: 2, name: title })).toBeVisible();
}

/** On the wizard's data screen: brings a file in, names its columns, and waits until it is a version that is chosen. */
export async function bringFile(page: Page, file: { name: string; rows: number; title: string }): Promise<void> {
  await page.getByText('Bring in a file of your own').click();
  await page
    .getByLabel('A CSV or JSON Lines file')
    .setInputFiles({ name: file.name, mimeType: 'text/csv', buffer: expertCsv(file.rows) });
  await page.getByLabel('Questions are in the column').selectOption('Customer asks');
  await page.getByLabel('Answers are in the column').selectOption('We say');
  await page.getByLabel('What do you call this data?').fill(file.title);
  await page.getByRole('button', { name: `Bring in ${file.rows} rows, private to me` }).click();
  await expect(page.getByRole('radio', { name: new RegExp(file.title) })).toBeChecked({ timeout: 60_000 });
}

/** Steps that the run's page has taken and that its curve shows. */
export const drawnSteps = async (page: Page): Promise<number> =>
  Number((await page.locator('[data-steps]').getAttribute('data-steps')) ?? 0);

/** Registers a Datanet of one's own and writes its version 1 on chain: two transactions on its own page. */
export async function registerAndAnchor(page: Page, slug: string): Promise<void> {
  await page.goto(`/datanets/${slug}`);
  await page.getByRole('button', { name: 'Register on chain' }).click();
  await expect(page.getByText('Not on chain yet')).toBeHidden({ timeout: 40_000 });
  await page.goto(`/datanets/${slug}?tab=versions`);
  const anchor = page.getByRole('button', { name: 'Anchor version 1' });
  await anchor.click();
  await expect(anchor).toBeHidden({ timeout: 40_000 });
}
