import { expect, type Page } from '@playwright/test';

export type NewDatanet = { template: string; title: string; slug: string; summary: string };

/** Makes a Datanet from a template as the signed-in owner, whose wallet then registers it on chain. Its page is open after. */
export async function createDatanet(
  page: Page,
  { template, title, slug, summary }: NewDatanet,
  picture: (name: string) => Promise<void>,
): Promise<void> {
  await page.goto('/datanets/new');
  await page.getByLabel('Template').selectOption({ label: template });
  await page.getByLabel('Title').fill(title);
  await page.getByLabel('Address').fill(slug);
  await page.getByLabel('In one sentence').fill(summary);
  await picture('create');
  await page.getByRole('button', { name: 'Create the Datanet' }).click();
  await page.waitForURL(`/datanets/${slug}`);
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await page.getByRole('button', { name: 'Register on chain' }).click();
  await expect(page.getByText('Not on chain yet')).toBeHidden();
}
