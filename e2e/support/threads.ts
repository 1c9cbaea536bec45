import { expect, type Locator, type Page } from '@playwright/test';

/** The panel of the one answer on the page. */
export const sourcesOf = (page: Page): Locator => page.getByRole('complementary', { name: 'Sources of this answer' });
const stretches = (page: Page): Locator => page.locator('a[data-number]');

/**
 * Asks at temperature 0, so that the same adapter says the same, and waits for sources and matches. Returns how many stretches
 * of the answer stand in rows.
 */
export async function askPlainly(page: Page, question: string): Promise<number> {
  await page.getByRole('textbox', { name: 'Question' }).fill(question);
  const temperature = page.getByLabel('Temperature');
  if (!(await temperature.isVisible())) await page.getByText('System prompt and sampling').click();
  await temperature.fill('0');
  await expect(page.getByRole('status', { name: 'Price' })).toContainText(/At most|Free for you/);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const looked = page.waitForResponse((response) => response.url().endsWith('/threads'), { timeout: 90_000 });
  await expect(page.getByRole('heading', { name: 'Who earns' })).toBeVisible({ timeout: 90_000 });
  const { spans } = (await (await looked).json()) as { spans: unknown[] };
  if (spans.length > 0) await expect(stretches(page).first()).toBeVisible();
  return stretches(page).count();
}

/** Goes along a thread by keyboard alone: from a stretch of the answer to its row, and back. The answer must have a stretch. */
export async function followThreadByKeyboard(page: Page): Promise<void> {
  const first = stretches(page).first();
  await expect(first).toHaveAccessibleName(/^Stretch 1 of \d+, \d+ sources?: /);
  await first.focus();
  await page.keyboard.press('Enter');
  const row = sourcesOf(page).getByRole('listitem').and(page.locator(':focus'));
  await expect(row).toBeVisible();
  await expect(sourcesOf(page).locator('output')).toHaveText(/^Stretch 1 of \d+, \d+ sources?$/);
  const back = sourcesOf(page)
    .getByRole('link', { name: /^To stretch 1 of / })
    .first();
  for (let i = 0; i < 8 && !(await back.evaluate((link) => link === document.activeElement)); i++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(first).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(sourcesOf(page).locator('output')).toHaveText('');
}

/** The accounts of *Who earns* with their per cent, as it stands. */
async function payoutOf(page: Page): Promise<Map<string, number>> {
  const lines = page.getByRole('region', { name: 'Who earns' }).locator('[data-payout] > li');
  const texts = await lines.allInnerTexts();
  return new Map(
    texts.flatMap((text) => {
      const [account, percent] = [/0x\w{4}…\w{4}/.exec(text)?.[0], /(\d+\.\d\d) %/.exec(text)?.[1]];
      return account && percent ? [[account, Number(percent)] as const] : [];
    }),
  );
}

/** Leaves the contributor who earns most out: their part goes to others, all of it together stays whole. Returns who it was. */
export async function leaveOutTopContributor(page: Page): Promise<string> {
  const region = page.getByRole('region', { name: 'Who earns' });
  const leave = region.getByRole('button', { name: /^Leave out the rows of / }).first();
  await expect(leave).toBeVisible(); // who shares flat pay comes a moment after
  const before = await payoutOf(page);
  const [account] = [...before].sort((a, b) => b[1] - a[1])[0]!;
  expect(sumOf(before)).toBeCloseTo(100, 2);
  await region.getByRole('button', { name: `Leave out the rows of ${account}` }).focus();
  await page.keyboard.press('Enter');
  await expect(region.getByText('As it would be without what you left out')).toBeVisible();
  const after = await payoutOf(page);
  expect(after.get(account)).toBe(0);
  expect(sumOf(after)).toBeCloseTo(100, 2);
  await expect(region.locator('[data-total]')).toHaveText('100.00 %');
  return account;
}

/** Has the answer computed without what is left out and waits for it. Returns how it was done. */
export async function answerWithout(page: Page, timeoutMs: number): Promise<string> {
  const region = page.getByRole('region', { name: 'The answer without them' });
  await region.getByRole('button', { name: 'Answer again without them' }).click();
  const compared = region.locator('[data-without]');
  await expect(compared).toBeVisible({ timeout: timeoutMs });
  await expect(
    compared.getByText(/likel(y|ier)( as before)? without them: measured|as likely as before without them/),
  ).toBeVisible();
  return (await compared.getAttribute('data-without'))!;
}

const sumOf = (payout: ReadonlyMap<string, number>) => [...payout.values()].reduce((sum, part) => sum + part, 0);
