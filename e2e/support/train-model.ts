import { expect, type Page } from '@playwright/test';

export type RunResult = { runId: string; heldOutLoss: number; baseLoss: number };

/** Goes through ModelFactory's wizard with the Quick recipe and launches. Returns the run's id; its page is open then. */
export async function launchTraining(
  page: Page,
  options: { name: string; domain: string; version: string | RegExp; picture: (name: string) => Promise<void> },
): Promise<string> {
  await page.goto('/models/new');
  await page.getByLabel('What do you call it?').fill(options.name);
  await page.getByRole('radio', { name: options.domain }).check();
  await options.picture('wizard-goal');
  await next(page, 'Base');
  await page.getByRole('radio', { name: /openledger-nano/ }).check();
  await next(page, 'Data');
  await page.getByRole('radio', { name: options.version }).check();
  await options.picture('wizard-data');
  await next(page, 'Recipe');
  await page.getByRole('radio', { name: /^Quick/ }).check();
  await options.picture('wizard-recipe');
  await next(page, 'Cost and launch');
  await expect(page.getByText('how busy the server is now')).toBeVisible();
  await options.picture('wizard-launch');
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.waitForURL(/\/runs\/run_/);
  return page.url().split('/').at(-1)!;
}

async function next(page: Page, title: string): Promise<void> {
  await page.locator('footer').getByRole('button', { name: title }).first().click();
  await expect(page.getByRole('heading', { level: 2, name: title })).toBeVisible();
}

/** Waits until the open run's page says that it finished, and reads what it measured. */
export async function finishedRun(page: Page, timeoutMs: number): Promise<Omit<RunResult, 'runId'>> {
  await expect(page.locator('[data-run]')).toHaveAttribute('data-run', 'succeeded', { timeout: timeoutMs });
  const section = page.getByRole('heading', { name: 'What it learnt' }).locator('xpath=ancestor::section[1]');
  const numberOf = async (label: string) => {
    const text = await section
      .locator('div', { has: page.getByText(label, { exact: true }) })
      .last()
      .innerText();
    return Number(/\d+\.\d+/.exec(text)?.[0]);
  };
  await expect(section).toBeVisible();
  return { heldOutLoss: await numberOf('Held-out loss of the adapter'), baseLoss: await numberOf('of the base model') };
}

/** Publishes the finished run's adapter by one wallet transaction. Returns the model's slug once it is live. */
export async function publishRun(page: Page, picture: (name: string) => Promise<void>): Promise<string> {
  await picture('publish-terms');
  await page.getByRole('button', { name: 'Publish on chain' }).click();
  const open = page.getByRole('link', { name: 'Open the model' });
  await expect(open).toBeVisible({ timeout: 60_000 });
  return (await open.getAttribute('href'))!.split('/').at(-1)!;
}
