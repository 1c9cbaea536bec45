import { expect, type Page } from '@playwright/test';
import { ask } from './support/ask.ts';
import { liveModel } from './support/live-model.ts';
import { giveGas } from './support/people.ts';
import { picturesOf } from './support/pictures.ts';
import { signIn } from './support/sign-in.ts';
import { type Person, test } from './support/test.ts';

const slug = 'threat-intelligence';
const [readerIndex, curatorIndex] = [24, 1];
const fault = 'The answer names no example.';
const picture = picturesOf('attribution');

/** Issue 4: who improves a row has a part of it, a fault reaches the curators, and anybody has a receipt computed again. */
test('a reader reports a row, betters it, and challenges a receipt', async ({ person, request }) => {
  const [reader, curator] = [await enter(await person(readerIndex)), await enter(await person(curatorIndex))];

  const row = await test.step('report a fault of an accepted row', async () => {
    await reader.page.goto(`/datanets/${slug}?status=accepted`);
    await reader.page.getByRole('row').nth(1).getByRole('link').first().click();
    await reader.page.waitForURL(/row=ex_|rows\/ex_/);
    const id = /ex_\w+/.exec(reader.page.url())![0];
    await reader.page.goto(`/datanets/${slug}/rows/${id}`);
    await picture(reader.page, 'row');
    await reader.page.getByRole('button', { name: 'Report a fault' }).click();
    await reader.page.getByLabel('What is wrong with this row?').fill(fault);
    await reader.page.getByRole('button', { name: 'Report', exact: true }).click();
    await expect(reader.page.getByText('Reported to the curators.')).toBeVisible();
    return id;
  });

  await test.step('a curator agrees that somebody should improve it', async () => {
    await curator.page.goto(`/datanets/${slug}/review`);
    const flag = curator.page.getByRole('article').filter({ hasText: fault });
    await flag.getByLabel('Why do you decide so?').fill('True: an example helps.');
    await picture(curator.page, 'flag');
    await flag.getByRole('button', { name: 'Agree: somebody should improve it' }).click();
    await expect(flag.getByRole('button')).toHaveCount(0);
  });

  const better = await test.step('the reader corrects the answer', async () => {
    await reader.page.goto(`/datanets/${slug}/rows/${row}`);
    await reader.page.getByRole('button', { name: 'Improve this row' }).click();
    await reader.page.getByLabel('What do you do?').selectOption('label');
    const answer = reader.page.locator('textarea[name=completion]');
    await answer.fill(`${await answer.inputValue()} A mail that asks for a password is one example.`);
    await reader.page.getByLabel('What is wrong with the answer').fill('It lacked an example.');
    await picture(reader.page, 'improvement');
    await reader.page.getByRole('button', { name: 'Propose it' }).click();
    await reader.page.waitForURL((url) => /rows\/ex_/.test(url.pathname) && !url.pathname.endsWith(row), {
      timeout: 20_000,
    });
    return /ex_\w+/.exec(reader.page.url())![0];
  });

  await test.step('accepted, it replaces the older row and its people share what it earns', async () => {
    await curator.page.goto(`/datanets/${slug}/review`);
    const proposal = curator.page.locator(`[data-row=${better}]`);
    await expect(proposal).toContainText('Corrected answer: replaces the older row');
    await picture(curator.page, 'proposal');
    await proposal.getByRole('button', { name: 'Accept' }).click();
    await expect(proposal).toBeHidden();
    await reader.page.goto(`/datanets/${slug}/rows/${better}`);
    const people = reader.page.getByRole('table', { name: 'People who worked on this row' });
    await expect(people.getByRole('row').filter({ hasText: 'corrected the answer' })).toHaveCount(1);
    await expect(people.getByRole('row').filter({ hasText: 'contributed it' })).toHaveCount(1);
    expect(await partsOf(reader.page)).toBeCloseTo(100, 1);
    await picture(reader.page, 'lineage');
    await reader.page.goto(`/datanets/${slug}/rows/${row}`);
    await expect(reader.page.getByText(/A version with a corrected answer/)).toBeVisible();
  });

  await test.step('a receipt is computed again and comes out the same', async () => {
    await reader.page.goto(`/playground?model=${await liveModel(request)}`);
    const receipt = await ask(reader.page, 'What is phishing and how do I recognise it?');
    await reader.page.goto(`/receipts/${receipt}`);
    await reader.page.getByRole('button', { name: 'Challenge this receipt' }).click();
    await expect(async () => {
      await reader.page.reload();
      await expect(reader.page.getByText('Computed again: every step came out the same')).toBeVisible({ timeout: 500 });
    }).toPass({ timeout: 60_000 });
    await picture(reader.page, 'challenged');
    await reader.page.getByRole('button', { name: 'Challenge this receipt' }).click();
    await expect(reader.page.getByText(/computed again within the last day and came out the same/)).toBeVisible();
  });
});

/** The percentages of a row's people, summed. */
async function partsOf(page: Page): Promise<number> {
  const cells = await page
    .getByRole('table', { name: 'People who worked on this row' })
    .locator('tbody td:last-child')
    .allInnerTexts();
  return cells.reduce((sum, text) => sum + Number.parseFloat(text), 0);
}

async function enter(someone: Person): Promise<Person> {
  await giveGas(someone.address);
  await someone.page.goto('/');
  await signIn(someone.page, someone.address);
  return someone;
}
