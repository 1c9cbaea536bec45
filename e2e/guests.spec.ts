import { expect, type Page } from '@playwright/test';
import { findViolations } from './support/accessibility.ts';
import { watchErrors } from './support/console-errors.ts';
import { liveModel } from './support/live-model.ts';
import { picturesOf } from './support/pictures.ts';
import { test } from './support/test.ts';

const picture = picturesOf('guests');
const datanet = '/datanets/threat-intelligence';

/** Paths that exist on every installation; those of the live model and of a receipt are added when they are known. */
const paths = [
  '/',
  '/datanets',
  datanet,
  `${datanet}?tab=contributors`,
  `${datanet}?tab=versions`,
  `${datanet}?tab=models`,
  `${datanet}?tab=earnings`,
  `${datanet}?tab=discussion`,
  `${datanet}/compare`,
  '/staking',
  '/governance',
  '/transactions',
  '/status',
  `${datanet}/review`,
  `${datanet}/contribute`,
  '/datanets/new',
  '/models',
  '/models/new',
  '/playground',
  '/rewards',
  '/keys',
  '/explorer',
  '/explorer?kind=events',
  '/gaming',
];

test('the home page answers without a wallet and draws the threads to its sources', async ({ page, request }) => {
  await liveModel(request);
  const errors = watchErrors(page);
  await page.goto('/');
  await page.getByLabel('Your question').fill('What is phishing?');
  await page.getByRole('button', { name: 'Ask' }).click();
  await expect(page.getByText('nothing (free answer)')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Who earns' })).toBeVisible({ timeout: 60_000 });
  await picture(page, 'free-answer');
  await page.getByRole('link', { name: 'Receipt', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: /^Receipt for an answer by/ })).toBeVisible();
  await picture(page, 'free-receipt');
  expect(errors).toEqual([]);
});

test('everything can be read without a wallet, on phones and wide screens, in both themes', async ({
  context,
  request,
}) => {
  const all = [...paths, `/models/${await liveModel(request)}`];
  // One page for each width, side by side: the machine has two cores.
  const problems = await Promise.all([320, 1440].map(async (width) => readAll(await context.newPage(), width, all)));
  expect(problems.flat()).toEqual([]);
});

test('what does not exist is said, with a way on', async ({ page }) => {
  for (const path of [
    '/nowhere',
    '/datanets/none',
    '/models/none',
    '/runs/run_none',
    '/receipts/rcp_none',
    '/rewards/periods/99',
  ]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.getByRole('main').getByRole('link').count(), path).toBeGreaterThan(0);
  }
});

/** Opens every path at one width; returns what is wrong: axe's findings in both themes, overflow, console errors. */
async function readAll(page: Page, width: number, all: readonly string[]): Promise<string[]> {
  const problems = watchErrors(page);
  await page.setViewportSize({ width, height: 900 });
  for (const path of all) {
    await page.emulateMedia({ colorScheme: 'light' });
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(200);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    const note = (theme: string, found: string[]) =>
      problems.push(...found.map((violation) => `${path} at ${width} px, ${theme}: ${violation}`));
    note('light', await findViolations(page, 'all'));
    await picture(page, `${width}${path.replaceAll(/[/?=]+/g, '-')}`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    note('dark', await findViolations(page, 'colours'));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) problems.push(`${path} at ${width} px is ${overflow} px wider than the screen`);
  }
  return problems;
}
