import { expect, type Page } from '@playwright/test';
import { untilSeen } from './until.ts';

type Gold = { question: string; answer: string; verdict: 'accept' | 'reject'; why: string };

/** The owner appoints validators and puts gold rows aside, on the review page. */
export async function prepareRounds(
  page: Page,
  slug: string,
  { validators, gold }: { validators: readonly string[]; gold: readonly Gold[] },
): Promise<void> {
  await page.goto(`/datanets/${slug}/review`);
  for (const address of validators) {
    await page.getByLabel('Account of a validator').fill(address);
    await page.getByRole('button', { name: 'Appoint', exact: true }).click();
    await expect(page.getByRole('table', { name: 'Validators and their reputation' })).toContainText(
      new RegExp(`${address.slice(0, 6)}.*${address.slice(-4)}`, 'i'),
    );
  }
  const form = page.locator('form', { has: page.getByLabel('Right verdict') });
  for (const { question, answer, verdict, why } of gold) {
    await form.getByRole('textbox').nth(0).fill(question);
    await form.getByRole('textbox').nth(1).fill(answer);
    await form.getByLabel('Right verdict').selectOption(verdict);
    await form.getByLabel('Why?').fill(why);
    await form.getByRole('button', { name: 'Add gold row' }).click();
    await expect(form.getByRole('textbox').nth(0)).toHaveValue('');
  }
}

/** A validator chooses for every place of an open seat, and commits. `isGood` judges by the text. */
export async function commitVerdicts(page: Page, slug: string, isGood: (text: string) => boolean): Promise<void> {
  await page.goto(`/datanets/${slug}/review`);
  const places = page.getByRole('group').filter({ has: page.getByRole('radio', { name: 'Accept' }) });
  await expect(places.first()).toBeVisible();
  for (const place of await places.all()) {
    const verdict = isGood(await place.innerText()) ? 'Accept' : 'Reject';
    await place.getByRole('radio', { name: verdict }).check();
  }
  await page.getByRole('button', { name: /^Commit to \d+ verdicts$/ }).click();
  await expect(page.getByText(/You have committed|Reveal your verdicts/).first()).toBeVisible();
}

/** Reveals once everybody has committed. */
export async function revealVerdicts(page: Page): Promise<void> {
  const reveal = page.getByRole('button', { name: 'Reveal your verdicts' });
  await untilSeen(page, reveal);
  await reveal.click();
  await expect(reveal).toBeHidden();
}
