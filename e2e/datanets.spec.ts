import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page } from '@playwright/test';
import { dropFile, sendRows } from './support/contribute.ts';
import { createDatanet } from './support/create-datanet.ts';
import { freezeAndAnchor } from './support/curate.ts';
import { enter, enterQuickly } from './support/enter.ts';
import { devnetPerson } from './support/people.ts';
import { picturesOf } from './support/pictures.ts';
import { readRuntime } from './support/place.ts';
import { readEverywhere } from './support/read-everywhere.ts';
import { commitVerdicts, prepareRounds, revealVerdicts } from './support/rounds.ts';
import { type Person, test } from './support/test.ts';
import { untilSeen } from './support/until.ts';

/** Devnet accounts of this journey. */
const people = { owner: 40, contributor: 41, stranger: 48 };
const [panel, jury] = [
  [42, 43, 44],
  [45, 46, 47],
];
const slug = `bicycle-workshop-${Date.now().toString(36)}`; // an installation may have seen this journey before
const picture = picturesOf('datanets');

const archive = [
  [
    'rim-tape',
    'mara',
    'Why does my inner tube burst on the inside of the wheel?',
    'The rim tape has slipped and a spoke hole cuts the tube. Push the tape back over every hole, or replace it with one as wide as the rim bed.',
  ],
  [
    'chain',
    'mara, tobi',
    'When is a chain worn out?',
    'When a gauge for 0.75 percent falls in between two pins. Change it then, because a longer chain grinds the teeth of the cassette.',
  ],
  [
    'brake',
    'tobi',
    'My disc brake squeals after the rain, is it broken?',
    'Mostly it is only wet or has oil on it. Brake hard ten times downhill; if it still squeals, clean the disc with alcohol and sand the pads.',
  ],
  [
    'fit',
    'ilse',
    'How high should the saddle be?',
    'Sit, put the heel on the pedal at its lowest point: the leg should be straight. With the ball of the foot there, the knee then bends a little.',
  ],
] as const;

const sent = [
  [
    'How often does a hub need new grease?',
    'Once a year when you ride in the rain, else every third year. Take it apart as soon as it grinds when you turn the axle by hand.',
  ],
  [
    'Why does the gear jump under load?',
    'The cable has stretched. Turn the barrel adjuster half a turn out, shift through all gears, and repeat until each one sits.',
  ],
  [
    'Can a bent derailleur hanger be straightened?',
    'One of steel can, with a gauge and patience. One of aluminium breaks when it is bent twice, so replace it; it is made to fail first.',
  ],
  [
    'What pressure for tyres of 40 millimetres?',
    'For 80 kilograms about 3 bar in front and 3.3 behind. Less is more comfortable until the rim strikes through on kerbs.',
  ],
  ['Is any oil good for a chain?', 'Buy whatever, who cares, all the same stuff anyway, just pour it on and go.'],
] as const;

const gold = [
  {
    question: 'Which side of the pedal axle has the left-handed thread?',
    answer: 'The left one, so that it does not loosen while you ride. Turn its spanner clockwise to take it off.',
    verdict: 'accept',
    why: 'True, and it tells what to do.',
  },
  {
    question: 'How tight is a stem bolt?',
    answer: 'As tight as you can, jump on the spanner.',
    verdict: 'reject',
    why: 'Breaks the bolt.',
  },
] as const;
const [withdrawn, vetoed] = [sent[0][0], sent[3][0]];
const isGood = (text: string) => !/who cares|jump on the spanner/.test(text);

test('a community dataset from its first row to its second version', async ({ person }) => {
  test.setTimeout(15 * 60_000); // eight browsers, and every page at three widths, beside another journey
  const owner = await enter(await person(people.owner));
  const shot = (name: string) => picture(owner.page, name);

  await test.step('made from a template and registered on chain', async () => {
    const summary = 'Questions that riders ask in a workshop, with answers that get them home.';
    await createDatanet(owner.page, { template: 'Support', title: 'Bicycle workshop', slug, summary }, shot);
    await shot('registered');
  });

  await test.step('an existing dataset comes in with its authors as handles', async () => {
    const report = await importRows(await makeKey(owner.page));
    expect(report).toContain(
      '4 rows read: 4 stored (4 accepted, 0 wait for review), 0 were there already, 0 left out.',
    );
    await owner.page.goto(`/datanets/${slug}?tab=contributors`);
    await expect(owner.page.getByText('workshop:mara')).toBeVisible();
    await shot('imported-authors');
  });

  const contributor = await enterQuickly(await person(people.contributor));
  const contribution = await test.step('somebody contributes a file', async () => {
    const buffer = Buffer.from(
      sent.map(([prompt, completion]) => `${JSON.stringify({ prompt, completion })}\n`).join(''),
    );
    await dropFile(contributor.page, slug, { name: 'answers.jsonl', mimeType: 'application/jsonl', buffer });
    await expect(contributor.page.locator('tr[data-verdict=new]')).toHaveCount(sent.length);
    await picture(contributor.page, 'verdicts');
    return sendRows(contributor.page, sent.length);
  });

  await test.step('three validators judge without seeing each other', async () => {
    await prepareRounds(owner.page, slug, { validators: panel.map((index) => devnetPerson(index).address), gold });
    await shot('validators-appointed');
    await owner.page.reload();
    await owner.page.getByRole('button', { name: `Give ${sent.length} rows to validators` }).click();
    await expect(owner.page.getByText('validators commit')).toBeVisible();
    await shot('round-open');
    await judge(await Promise.all(panel.map(async (index) => enterQuickly(await person(index)))));
    await contributor.page.goto(`/datanets/${slug}/contributions/${contribution}`);
    await untilSeen(contributor.page, contributor.page.getByText('4 accepted, 1 rejected.'));
    await picture(contributor.page, 'judged');
  });

  await test.step('the rejected row is appealed, and a jury that had no part in it upholds the rejection', async () => {
    await contributor.page.getByRole('row').filter({ hasText: sent[4][0] }).getByRole('link').first().click();
    await contributor.page.waitForURL(/rows\/ex_/);
    await contributor.page.getByLabel('Appeal: why should this row be accepted?').fill('It is what everybody does.');
    await contributor.page.getByRole('button', { name: 'Appeal', exact: true }).click();
    await expect(contributor.page.getByText(/Your appeal is open/)).toBeVisible();
    await picture(contributor.page, 'appealed');
    await owner.page.goto(`/datanets/${slug}/review`);
    await shot('appeal-waits');
    await prepareRounds(owner.page, slug, { validators: jury.map((index) => devnetPerson(index).address), gold: [] });
    const jurors = await Promise.all(jury.map(async (index) => enterQuickly(await person(index))));
    await untilSeen(owner.page, owner.page.getByRole('heading', { name: /^Appeal / }));
    await judge(jurors);
    await untilSeen(owner.page, owner.page.getByText('the rejection stands'));
    await shot('appeal-decided');
  });

  await test.step('version 1 is frozen and on chain', () => freezeAndAnchor(owner.page, slug, 1, shot));

  await test.step('the owner vetoes a row that validators accepted, and the log keeps it', async () => {
    await owner.page.goto(await rowOf(owner.page, vetoed));
    await owner.page.getByLabel('Veto: why should this row not stand?').fill('The figures are for road tyres only.');
    await owner.page.getByRole('button', { name: 'Take it out' }).click();
    await expect(owner.page.getByText(/against the validators: The figures are for road tyres only/)).toBeVisible();
    await shot('vetoed');
  });

  await test.step('an author withdraws a row: destroyed, with a signed receipt that anybody verifies', async () => {
    await contributor.page.goto(await rowOf(contributor.page, withdrawn));
    await contributor.page.getByRole('button', { name: 'Withdraw this row' }).click();
    await contributor.page.getByRole('button', { name: 'Withdraw for good' }).click();
    const receipt = contributor.page.getByRole('link', { name: 'Signed receipt' });
    await untilSeen(contributor.page, receipt);
    await picture(contributor.page, 'erased');
    const signed = await contributor.page.request.get((await receipt.getAttribute('href'))!);
    expect(await verifyErasure(await signed.text())).not.toMatch(/^(?:NO|--) /m);
  });

  await test.step('version 2 differs by just these rows', async () => {
    await freezeAndAnchor(owner.page, slug, 2, shot);
    await owner.page.goto(`/datanets/${slug}/compare`);
    await expect(owner.page.getByText('0 new · 0 replaced · 2 no longer in it')).toBeVisible();
    await shot('compared');
  });

  await test.step('a stranger asks, the owner answers and hides what does not belong', async () => {
    const stranger = await enterQuickly(await person(people.stranger));
    for (const text of ['Do tubeless tyres belong in?', 'Buy my pump oil, best price.']) {
      await say(stranger.page, 'Say something', text);
    }
    await owner.page.goto(`/datanets/${slug}?tab=discussion`);
    const comment = (text: string) => owner.page.getByRole('article').filter({ hasText: text });
    await comment('tubeless').getByRole('button', { name: 'Answer' }).click();
    await owner.page.getByLabel('Your answer').fill('They do, the sealant too.');
    await owner.page.getByRole('button', { name: 'Send' }).first().click();
    await expect(comment('the sealant too')).toBeVisible();
    await comment('pump oil').getByRole('button', { name: 'Hide' }).click();
    await owner.page.getByLabel('Why is it hidden?').fill('Advertising.');
    await owner.page.getByRole('button', { name: 'Hide', exact: true }).last().click();
    await expect(owner.page.getByText('Advertising.').first()).toBeVisible();
    await shot('moderated');
    await stranger.page.goto(`/datanets/${slug}?tab=discussion`);
    await expect(stranger.page.getByText('Advertising.').first()).toBeVisible();
    await picture(stranger.page, 'discussion');
  });

  await test.step('its owner can read every view of it on phones and wide screens, in both themes', async () => {
    const views = ['', '?tab=versions', '?tab=discussion', '/compare', '/review', '/access'];
    const paths = views.map((view) => `/datanets/${slug}${view}`);
    expect(await readEverywhere(owner, paths, picture)).toEqual([]);
  });
});

/** Writes a comment on the Datanet's page. */
async function say(page: Page, label: string, text: string): Promise<void> {
  if (!page.url().includes('discussion')) await page.goto(`/datanets/${slug}?tab=discussion`);
  await page.getByLabel(label).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('article').filter({ hasText: text })).toBeVisible();
}

/** Address of the page of a row, found by its question as anybody finds it. */
async function rowOf(page: Page, question: string): Promise<string> {
  await page.goto(`/datanets/${slug}?q=${encodeURIComponent(question)}`);
  const href = await page.getByRole('link', { name: question }).first().getAttribute('href');
  return `/datanets/${slug}/rows/${/ex_\w+/.exec(href!)![0]}`;
}

/** All commit, then all reveal. */
async function judge(validators: readonly Person[]): Promise<void> {
  for (const { page } of validators) {
    await commitVerdicts(page, slug, isGood);
    await picture(page, 'committed');
  }
  for (const { page } of validators) await revealVerdicts(page);
}

async function makeKey(page: Page): Promise<string> {
  await page.goto('/keys');
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await picture(page, 'key-dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('import');
  await dialog.getByLabel('Budget in OPEN').fill('1');
  await dialog.getByLabel('Change Datanets').check();
  await dialog.getByRole('button', { name: 'Make the key' }).click();
  return dialog.locator('figure', { hasText: 'API key' }).locator('code').innerText();
}

/** `npm run verify-erasure` on a receipt. Returns what it printed; throws when a step differs. */
async function verifyErasure(receipt: string): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'datanets-')), 'receipt.json');
  writeFileSync(file, receipt);
  const runtime = readRuntime();
  const env = { ...process.env, ...runtime, CHAIN_ID: String(runtime.CHAIN_ID) };
  return (await promisify(execFile)(process.execPath, ['scripts/verify-erasure.ts', file], { env })).stdout;
}

/** `npm run datanet -- import` on a file of JSON Lines. Returns what it printed. */
async function importRows(apiKey: string): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'datanets-')), 'archive.jsonl');
  const lines = archive.map(([topic, authors, title, text]) => JSON.stringify({ topic, authors, title, text }));
  writeFileSync(file, `${lines.join('\n')}\n`);
  const options = ['--datanet', slug, '--contributors', 'authors', '--namespace', 'workshop', '--accept'];
  const args = ['run', '-s', 'datanet', '--', 'import', file, ...options, '--server', readRuntime().APP_URL];
  const env = { ...process.env, OPENLEDGER_API_KEY: apiKey };
  return (await promisify(execFile)('npm', args, { env })).stdout;
}
