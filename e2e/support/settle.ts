import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, type Page } from '@playwright/test';
import { parseOpen } from '../../lib/kernel/money.ts';
import { openBalance } from './pay.ts';
import { type Runtime, readRuntime } from './place.ts';

/** Waits on the rewards page of a signed-in account until everything earned so far is claimable. Returns the promise in wei. */
export async function waitUntilClaimable(page: Page, onPending: () => Promise<void>): Promise<bigint> {
  const stat = (label: string) => page.locator('div', { has: page.getByText(label, { exact: true }) }).last();
  let pictured = false;
  await expect(async () => {
    await page.goto('/rewards');
    const pending = await stat('Pending').innerText();
    if (!pictured && /[1-9]/.test(pending.split('claimable')[0] ?? '')) {
      pictured = true;
      await onPending();
    }
    await expect(page.getByTestId('claim-amount')).toBeVisible({ timeout: 2_000 });
    expect(pending).toMatch(/^Pending\s*0\s*OPEN/);
  }).toPass({ timeout: 150_000, intervals: [2_000] });
  return parseOpen(await page.getByTestId('claim-amount').innerText());
}

/** Claims everything and returns by how much the wallet's OPEN rose, read from the chain. */
export async function claim(page: Page, account: `0x${string}`): Promise<bigint> {
  const before = await openBalance(account);
  await page.getByRole('button', { name: 'Claim everything' }).click();
  await expect(page.getByText(/OPEN are in your wallet/)).toBeVisible({ timeout: 60_000 });
  return (await openBalance(account)) - before;
}

/** Runs the independent audit of every wei on the installation under test. Throws with its report when it fails. */
export async function auditConservation(runtime: Runtime = readRuntime()): Promise<string> {
  const env = { ...process.env, ...runtime, CHAIN_ID: String(runtime.CHAIN_ID) };
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/audit/conservation.ts'], { env });
  return stdout;
}
