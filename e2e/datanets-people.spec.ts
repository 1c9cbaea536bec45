import { expect, type Locator, type Page } from '@playwright/test';
import { dropFile, sendRows } from './support/contribute.ts';
import { enterQuickly } from './support/enter.ts';
import { giveGas } from './support/people.ts';
import { picturesOf } from './support/pictures.ts';
import { accountButton } from './support/sign-in.ts';
import { test } from './support/test.ts';
import { walletName } from './support/wallet.ts';
import { wrongFiles } from './support/wrong-files.ts';

const slug = 'contract-clauses';
const people = { sender: 49, typist: 50 };
const picture = picturesOf('datanets-people');

test('ten wrong files: each is named with its place and its fix, and good rows go on', async ({ person }) => {
  const { page } = await enterQuickly(await person(people.sender));
  const verdict = (line: number | string) => page.locator(`tr[data-line="${line}"]`);
  for (const { name, buffer, refused, lines = {}, good = [] } of wrongFiles) {
    await test.step(name, async () => {
      await dropFile(page, slug, { name, buffer, mimeType: 'application/octet-stream' });
      if (refused) await expect(page.getByRole('main').getByRole('alert').filter({ hasText: refused })).toBeVisible();
      for (const [line, said] of Object.entries(lines))
        await expect(verdict(line).filter({ hasText: said })).toBeVisible();
      for (const line of good) await expect(verdict(line)).toHaveAttribute('data-verdict', 'new');
      await picture(page, name);
    });
  }

  await test.step('the file before the refused one is still there: a person says which column is which, and its rows are good', async () => {
    await expect(page.getByRole('main').getByText('schema.csv')).toBeVisible();
    const [question, answer] = await page.getByRole('main').getByRole('combobox').all();
    await question!.selectOption('left');
    await answer!.selectOption('right');
    await expect(page.locator('tr[data-verdict=new]')).toHaveCount(2);
  });

  await test.step('nothing is lost by closing the page, and the good rows are sent', async () => {
    await page.goto('/datanets');
    await page.goto(`/datanets/${slug}/contribute`);
    await expect(page.locator('tr[data-verdict=new]')).toHaveCount(2);
    await sendRows(page, 2);
    await picture(page, 'sent');
  });
});

test('a whole contribution by keyboard alone', async ({ person }) => {
  const { page, address } = await person(people.typist);
  await giveGas(address);
  const main = page.getByRole('main');
  await page.goto(`/datanets/${slug}`);
  await press(page, main.getByRole('link', { name: 'Contribute rows' }).first(), 'Enter');
  await page.waitForURL(/\/contribute$/);

  await test.step('paste two rows and read their verdicts', async () => {
    await tabTo(page, main.getByRole('radio', { name: 'Type' }));
    await page.keyboard.press('ArrowRight');
    await tabTo(page, main.getByRole('textbox', { name: 'Rows' }));
    await page.keyboard.insertText(
      'What is a severability clause?\tIt keeps the rest of a contract alive when a court strikes one part out.\nIs a fax a signature?\t\n',
    );
    await expect(page.locator('tr[data-verdict=new]')).toHaveCount(1);
    await picture(page, 'keyboard-verdicts');
  });

  await test.step('connect the wallet and sign in', async () => {
    await press(page, main.getByRole('button', { name: 'Connect to send' }), 'Enter');
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await press(page, dialog.getByRole('button', { name: walletName }), 'Enter');
    const sign = dialog.getByRole('button', { name: /^(Sign message|Sign in)$/ });
    await expect(sign).toBeVisible();
    await page.waitForTimeout(150); // the nonce, which the button's text alone tells
    await press(page, sign, 'Enter');
    await expect(accountButton(page, address)).toBeVisible();
  });

  await test.step('send, read what became of the row, and take it back', async () => {
    await press(page, main.getByRole('button', { name: 'Send 1 row' }), 'Enter');
    await page.waitForURL(/\/contributions\/ctr_/);
    await expect(page.getByText('1 wait for a curator')).toBeVisible();
    await press(page, main.getByRole('link', { name: 'What is a severability clause?' }), 'Enter');
    await page.waitForURL(/\/rows\/ex_/);
    await press(page, main.getByRole('button', { name: 'Withdraw this row' }), 'Enter');
    await press(page, main.getByRole('button', { name: 'Withdraw for good' }), 'Space');
    await expect(page.getByText(/Withdrawn/).first()).toBeVisible();
    await picture(page, 'keyboard-withdrawn');
  });
});

/** Presses Tab until something has the focus, as a person without a mouse reaches it; fails when it cannot be reached. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 80; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`80 presses of Tab do not reach ${target}`);
}

async function press(page: Page, target: Locator, key: 'Enter' | 'Space'): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}
