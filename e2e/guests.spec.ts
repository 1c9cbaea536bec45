import { type APIRequestContext, expect } from '@playwright/test';
import { watchErrors } from './support/console-errors.ts';
import { liveModel } from './support/live-model.ts';
import { picturesOf } from './support/pictures.ts';
import { readEverywhere } from './support/read-everywhere.ts';
import { test } from './support/test.ts';

test.describe.configure({ mode: 'parallel' }); // each has a browser of its own and changes nothing
const picture = picturesOf('guests');
const datanet = '/datanets/threat-intelligence';

type VersionCounts = { rows: number; contributors: number };

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
  `${datanet}/access`,
  `${datanet}/sql`,
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
  '/openlora',
  '/bounties',
  '/docs',
  '/usage',
  '/receipts/how',
];

test('the home page answers without a wallet and draws the threads to its sources', async ({ page, request }) => {
  await liveModel(request);
  const errors = watchErrors(page);
  await page.goto('/');
  await page.getByLabel('Your question').fill('What is phishing?');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page.getByText('nothing (free answer)')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'Who earns' })).toBeVisible({ timeout: 60_000 });
  await picture(page, 'free-answer');
  await page.getByRole('link', { name: 'Receipt', exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: /^Receipt for an answer by/ })).toBeVisible();
  await picture(page, 'free-receipt');
  expect(errors).toEqual([]);
});

for (const half of [0, 1]) {
  test(`everything can be read without a wallet, on phones and wide screens, in both themes (${half + 1} of 2)`, async ({
    context,
    request,
  }) => {
    test.setTimeout(15 * 60_000); // some thirty pages at three widths, beside another journey
    const all = [...paths, `/models/${await liveModel(request)}`, await firstPool(request)];
    const ours = all.filter((_, i) => i % 2 === half);
    expect(await readEverywhere({ context }, ours, picture)).toEqual([]);
  });
}

test('a version’s rows are asked in SQL in the reader’s browser', async ({ page, request }) => {
  const errors = watchErrors(page);
  await page.goto(`${datanet}/sql`);
  await page.getByRole('button', { name: 'Open the console' }).click();
  const question = page.getByLabel('Question in SQL');
  await expect(question).toBeVisible({ timeout: 60_000 });
  await question.fill('select count(*) as n, count(distinct contributor) as people from rows');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page.getByRole('table').getByRole('row')).toHaveCount(2);
  const counts = (await page.getByRole('table').getByRole('cell').allTextContents()).map(Number);
  const { versions } = (await (await request.get(`/api/v1${datanet}`)).json()) as { versions: VersionCounts[] };
  expect(versions.map(({ rows, contributors }) => [rows, contributors])).toContainEqual(counts);
  await picture(page, 'sql');
  await question.fill("select * from read_csv('/etc/passwd')");
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page.getByText(/disabled by configuration/)).toBeVisible();
  expect(errors).toEqual([]);
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

/** The page of a stake pool that anybody can see in the list. */
async function firstPool(request: APIRequestContext): Promise<string> {
  const html = await (await request.get('/staking')).text();
  const [path] = /\/staking\/0x[0-9a-f]{64}/.exec(html) ?? [];
  expect(path, 'a pool in the list').toBeDefined();
  return path!;
}
