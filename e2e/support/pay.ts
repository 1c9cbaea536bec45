import { expect, type Page } from '@playwright/test';
import { createPublicClient, http } from 'viem';
import { openTokenAbi } from '../../contracts-abi/open-token.ts';
import { readContracts, readRuntime } from './place.ts';

/** OPEN in an account's wallet, read from the chain, in wei. */
export function openBalance(account: `0x${string}`): Promise<bigint> {
  const reader = createPublicClient({ transport: http(readRuntime().RPC_URL) });
  return reader.readContract({
    address: readContracts().addresses.openToken,
    abi: openTokenAbi,
    functionName: 'balanceOf',
    args: [account],
  });
}

/** On the keys page of a signed-in account: gets test OPEN from the faucet and deposits some of it. */
export async function depositFromFaucet(
  page: Page,
  amount: string,
  picture: (name: string) => Promise<void> = async () => {},
): Promise<void> {
  await page.goto('/keys');
  await page.getByRole('button', { name: 'Get 1,000 test OPEN' }).click();
  await expect(page.getByText('1,000 test OPEN are in your wallet.')).toBeVisible();
  await picture('faucet');
  await openDeposit(page);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount in OPEN').fill(amount);
  await picture('deposit');
  await dialog.getByRole('button', { name: `Deposit ${amount} OPEN` }).click();
  await expect(dialog.getByText('The deposit is on chain and can be spent.')).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  const free = page.locator('div', { has: page.getByText('Free to spend', { exact: true }) }).last();
  await expect(async () => {
    await page.reload();
    await expect(free).toContainText(amount, { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
}

/** The wallet reconnects by itself after a reload; before that the button asks for it. */
async function openDeposit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Deposit OPEN' }).click();
  await expect(page.getByRole('dialog', { name: 'Deposit OPEN' })).toBeVisible();
}
