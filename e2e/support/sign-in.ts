import { expect, type Page } from '@playwright/test';
import { walletName } from './wallet.ts';

/** Connects the injected wallet through RainbowKit's list and signs in, from any page. */
export async function signIn(page: Page, address: string): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Connect' }).click();
  await chooseWallet(page);
  await expect(accountButton(page, address)).toBeVisible();
}

/** The rest of signing in once the wallet list is open. */
export async function chooseWallet(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: walletName }).click();
  // The button takes clicks only when the nonce is there, which its text alone tells.
  const sign = dialog.getByRole('button', { name: /^(Sign message|Sign in)$/ });
  await expect(sign).toBeVisible();
  await page.waitForTimeout(150);
  await sign.click();
}

/** The header's button of a signed-in account. */
export function accountButton(page: Page, address: string) {
  return page
    .getByRole('banner')
    .getByRole('button', { name: new RegExp(`^Account ${address.slice(0, 6)}…${address.slice(-4)}$`, 'i') });
}
