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
