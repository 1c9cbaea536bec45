import { expect } from '@playwright/test';
import { dropFile } from './support/contribute.ts';
import { giveGas } from './support/people.ts';
import { picturesOf } from './support/pictures.ts';
import { chooseWallet, signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';

const slug = 'threat-intelligence';
const picture = picturesOf('refusals');
const file = (name: string, text: string | Buffer) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(text),
});
const good =
  '{"prompt":"What is a sinkhole in network defence?","completion":"A server that takes the traffic of malware."}';

test('bad files are named with their line, and good rows beside them stay', async ({ page }) => {
  const alert = page.getByRole('main').getByRole('alert');
  const verdict = (line: number) => page.locator(`tr[data-line="${line}"]`);

  await dropFile(page, slug, file('report.pdf', '%PDF-1.7 binary'));
  await expect(alert).toContainText(/“report\.pdf” is a PDF that cannot be read/);

  await dropFile(page, slug, file('rows.csv', Buffer.from([0x70, 0x72, 0xff, 0xfe, 0x0a])));
  await expect(alert).toContainText(/is not UTF-8 \(line 1/);

  await dropFile(page, slug, file('empty.csv', 'prompt,completion\n'));
  await expect(alert).toContainText('“empty.csv” has a header in line 1 and no rows below it.');
  await dropFile(page, slug, file('nothing.jsonl', ''));
  await expect(alert).toContainText('“nothing.jsonl” has 0 rows.');
  await picture(page, 'no-rows');

  await dropFile(
    page,
    slug,
    file('ragged.csv', 'prompt,completion\nWhat is a botnet?,Many hijacked hosts.,extra\nWhat is C2?\n'),
  );
  await expect(verdict(2)).toContainText(/The row has 3 cells and the header 2/);
  await expect(verdict(3)).toContainText(/The row has 1 cell and the header 2. Add the missing cell \(completion\)/);
  await picture(page, 'ragged-csv');

  await dropFile(
    page,
    slug,
    file('broken.jsonl', `${good}\n{"prompt": "What is a dropper?", completion: "A loader."}\n`),
  );
  await expect(verdict(2)).toContainText(/Broken JSON at column 34/);
  await expect(verdict(1)).toHaveAttribute('data-verdict', 'new');
  await picture(page, 'broken-jsonl');

  const huge = JSON.stringify({ prompt: 'What is a heap spray?', completion: 'x'.repeat(9_000) });
  await dropFile(page, slug, file('huge.jsonl', `${huge}\n${good}\n`));
  await expect(verdict(1)).toContainText(/9000 characters and this Datanet allows 420|bytes and a row holds at most/);
  await expect(verdict(2)).toHaveAttribute('data-verdict', 'new');

  // Nothing is lost by closing the page.
  await page.goto('/datanets');
  await page.goto(`/datanets/${slug}/contribute`);
  await expect(verdict(2)).toHaveAttribute('data-verdict', 'new');
});

test('a no in the wallet is said and loses nothing: signing in, then a transaction', async ({ person }) => {
  const { page, wallet, address } = await person(25);
  await giveGas(address);
  await page.goto('/keys');
  wallet.refuse(true);
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Test Wallet' }).click();
  await expect(page.getByRole('dialog')).toContainText(/declined|rejected|cancel|Retry|Connection/i);
  wallet.refuse(false);
  await page.keyboard.press('Escape');
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click();
  await chooseWallet(page);
  await page.getByRole('button', { name: 'Get 1,000 test OPEN' }).click();
  await expect(page.getByText('1,000 test OPEN are in your wallet.')).toBeVisible();
  await page.getByRole('button', { name: 'Deposit OPEN' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount in OPEN').fill('3');
  wallet.refuse(true);
  await dialog.getByRole('button', { name: 'Deposit 3 OPEN' }).click();
  await expect(dialog.getByText('You said no in the wallet. Nothing was sent.')).toBeVisible();
  await expect(dialog.getByLabel('Amount in OPEN')).toHaveValue('3');
  await picture(page, 'refused-signature');
  await dialog.getByLabel('Amount in OPEN').fill('5000');
  await expect(dialog.getByText(/Your wallet has [\d,.]+ OPEN; [\d,.]+ are missing\./)).toBeVisible();
});

test('another network is named and switched back by one click', async ({ person }) => {
  const { page, wallet, address } = await person(25);
  await page.goto('/');
  await signIn(page, address);
  await wallet.useChain(11_155_111);
  await expect(page.getByText(/Your wallet is on Sepolia; OpenLedger here uses OpenLedger devnet/)).toBeVisible();
  await picture(page, 'wrong-network');
  await page.getByRole('button', { name: 'Switch to OpenLedger devnet' }).click();
  await expect(page.getByText(/Your wallet is on/)).toBeHidden();
});

test('an expired session is said when something is sent, and the draft stays', async ({ person }) => {
  const { page, context, address } = await person(25);
  await page.goto('/');
  await signIn(page, address);
  await dropFile(page, slug, file('one.jsonl', `${good}\n`));
  await expect(page.locator('tr[data-verdict=new]')).toHaveCount(1);
  await context.clearCookies();
  await page.getByRole('button', { name: 'Send 1 row' }).click();
  await expect(page.getByText(/Sign in with your wallet first.*nothing you typed is lost/)).toBeVisible();
  await picture(page, 'expired-session');
  await expect(page.locator('tr[data-verdict=new]')).toHaveCount(1);
  await page.reload();
  await expect(page.locator('tr[data-verdict=new]')).toHaveCount(1);
});
