import { expect } from '@playwright/test';
import { enter } from './support/enter.ts';
import { bringFile, drawnSteps, next, registerAndAnchor } from './support/factory.ts';
import { depositFromFaucet } from './support/pay.ts';
import { picturesOf } from './support/pictures.ts';
import { test } from './support/test.ts';
import { askPlainly, followThreadByKeyboard } from './support/threads.ts';
import { finishedRun, publishRun } from './support/train-model.ts';

const expertIndex = 56;
const offlineMs = 60_000;
const rows = 88;
const picture = picturesOf('factory');

/** The journey of issue 7: a domain expert ships a model, from a CSV in five screens to an answer that is paid and proved. */
test('from a CSV to a deployed model that beats its base', async ({ person, request }) => {
  const expert = await enter(await person(expertIndex));
  let { page } = expert;
  const shot = (name: string) => picture(page, name);
  const title = `Helpdesk ${Date.now().toString(36)}`;

  await test.step('five screens: goal, base, data from a CSV, recipe, cost and launch', async () => {
    await page.goto('/models/new');
    await page.getByLabel('What should it do?').fill('Answer customers of our shop, a quick try');
    await expect(page.getByText('Filled in from your words')).toContainText('quick');
    await expect(page.getByLabel('What do you call it?')).toHaveValue('Answer customers of our shop');
    await page.getByLabel('What do you call it?').fill(title);
    await shot('goal');
    await next(page, 'Base');
    await expect(page.getByText(/Fits: needs 0\.\d GB of memory/)).toBeVisible();
    await page.getByRole('radio', { name: /openledger-nano/ }).check();
    await shot('base');
    await next(page, 'Data');
    await bringFile(page, { name: 'helpdesk.csv', rows, title });
    await expect(page.getByText(/rows counted, the longest has/)).toBeVisible({ timeout: 60_000 });
    await page.getByText('5 rows as the model reads them').click();
    await shot('data');
    await next(page, 'Recipe');
    await expect(page.getByRole('radio', { name: /^Quick/ })).toBeChecked();
    await page.getByText('Advanced: all hyperparameters').click();
    await page.getByLabel('Epochs').fill('8');
    await page.getByLabel('Learning rate').fill('0.0015');
    await expect(page.getByRole('radio', { name: /^Custom/ })).toBeChecked();
    await shot('recipe');
    await next(page, 'Cost and launch');
    await expect(page.getByText('Expected gain')).toBeVisible({ timeout: 60_000 });
    const draft = page.url();
    await page.goto('/models');
    await page.goto(draft); // a link reopens the same state
    await expect(page.getByText('custom, 8 passes')).toBeVisible();
    await shot('cost-and-launch');
    await page.getByRole('button', { name: 'Start training' }).click();
    await page.waitForURL(/\/runs\/run_/);
  });

  const runUrl = page.url();
  const state = () => page.locator('[data-run]');
  await test.step('stop, close the browser, reopen, resume', async () => {
    await expect(state()).toHaveAttribute('data-run', 'running', { timeout: 180_000 });
    await expect.poll(() => drawnSteps(page), { timeout: 60_000 }).toBeGreaterThan(1);
    await shot('training');
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(state()).toHaveAttribute('data-run', 'stopped', { timeout: 60_000 });
    await page.close();
    page = await expert.context.newPage();
    await page.goto(runUrl);
    await expect(page.getByRole('button', { name: 'Fork' })).toBeEnabled();
    await shot('stopped');
    await page.getByLabel('Question to the checkpoint').fill('Where is my parcel?');
    await page.getByRole('button', { name: 'Ask this checkpoint' }).click();
    const answer = page.getByRole('list', { name: 'Answers of checkpoints' }).getByRole('listitem').first();
    await expect(answer.locator('[aria-busy="false"]')).toBeVisible();
    await expect(answer.getByRole('alert')).toHaveCount(0);
    await shot('checkpoint-asked');
    await page.getByRole('button', { name: 'Resume' }).click();
    await expect(state()).toHaveAttribute('data-run', /running|succeeded/, { timeout: 60_000 });
  });

  await test.step('a minute offline leaves no gap', async () => {
    await expert.context.setOffline(true);
    await page.waitForTimeout(offlineMs);
    await expert.context.setOffline(false);
    const { heldOutLoss, baseLoss } = await finishedRun(page, 240_000);
    expect(heldOutLoss).toBeLessThan(baseLoss);
    const steps = await page.getByText(/^(\d+) \/ \1$/).innerText();
    expect(await drawnSteps(page)).toBe(Number(steps.split(' / ')[0]));
  });

  await test.step('measured beside its base on sealed rows, compared blind', async () => {
    await expect(page.getByText('the same rows, by their hash')).toBeVisible({ timeout: 120_000 });
    await expect(page.getByText('Not passed')).toHaveCount(0);
    await page.getByRole('button', { name: 'A is better' }).click();
    await expect(page.getByText(/You preferred the (adapter|base model)’s answer/)).toBeVisible();
    await page.getByRole('button', { name: 'No difference' }).click();
    await expect(page.getByText('You had no preference.')).toBeVisible();
    await shot('evaluated');
  });

  const slug = await test.step('deploy', async () => {
    const datanet = page.getByRole('link', { name: title, exact: true }).first();
    await registerAndAnchor(page, (await datanet.getAttribute('href'))!.split('/').at(-1)!);
    await page.goto(runUrl);
    const published = await publishRun(page, shot);
    await page.goto(`/models/${published}`);
    await expect(page.getByText('Live', { exact: true }).first()).toBeVisible();
    await shot('live');
    return published;
  });

  await test.step('ask it, follow a thread by keyboard, leave a source out, verify the receipt', async () => {
    await depositFromFaucet(page, '2');
    await page.goto(`/playground?model=${slug}`);
    const stretches = await askPlainly(page, 'How long should I tell a customer that a refund takes to arrive?');
    if (stretches > 0) await followThreadByKeyboard(page);
    // All rows are the expert's own: without them nobody is left to pay.
    const earns = page.getByRole('region', { name: 'Who earns' });
    await earns
      .getByRole('button', { name: /^Leave out the rows of / })
      .first()
      .click();
    await expect(earns.getByText('As it would be without what you left out')).toBeVisible();
    await shot('left-out');
    const receipt = page.getByRole('link', { name: 'Receipt', exact: true }).first();
    await page.goto((await receipt.getAttribute('href'))!);
    await page.getByRole('button', { name: 'Verify in this browser' }).click();
    await expect(page.getByText('Every step checked here recomputes')).toBeVisible({ timeout: 60_000 });
    await shot('receipt-verified');
  });

  await test.step('for holders of a pass alone: a stranger is told what one costs', async () => {
    await page.goto(`/models/${slug}`);
    const form = page.getByRole('form', { name: 'Who may ask it' });
    await form.getByLabel('Who may ask').selectOption('holders');
    await form.getByLabel('Answers of a pass').fill('10');
    await form.getByLabel('Price of these answers, OPEN').fill('0.5');
    await form.getByRole('button', { name: 'Save' }).click();
    await expect(form.getByText('Saved.')).toBeVisible();
    await shot('for-holders');
    const question = { model: slug, messages: [{ role: 'user', content: 'Where is my parcel?' }] };
    const asked = await request.post('/api/v1/chat/completions', { data: question });
    expect(asked.status()).toBe(403);
    const facts = { answers: 10, answersWei: '500000000000000000', page: `/models/${slug}` };
    expect((await asked.json()).error).toMatchObject({ code: 'pass_required', facts });
  });
});
