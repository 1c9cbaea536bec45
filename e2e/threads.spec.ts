import { expect } from '@playwright/test';
import { findViolations } from './support/accessibility.ts';
import { liveModel } from './support/live-model.ts';
import { picturesOf } from './support/pictures.ts';
import { signIn } from './support/sign-in.ts';
import { test } from './support/test.ts';
import {
  answerWithout,
  askPlainly,
  followThreadByKeyboard,
  leaveOutTopContributor,
  sourcesOf,
} from './support/threads.ts';

const picture = picturesOf('threads');
/** Questions to which the sample model says something that stands in a row; which of them, depends on the kind of CPU. */
const questions = [
  'What is intermittent encryption and why do gangs use it?',
  'Why do attacks with the same ransomware brand look so different?',
];

/** Issue 7: threads by keyboard, a source left out changes payout and answer, a correction becomes a row. */
test('a reader follows threads, leaves sources out, and offers a better answer', async ({ person, request }) => {
  const { page, address } = await person(27);
  await page.goto(`/playground?model=${await liveModel(request)}`);
  await signIn(page, address);

  await test.step('threads by keyboard, and two labels that are never mixed', async () => {
    let stretches = 0;
    for (const question of questions) if (stretches === 0) stretches = await askPlainly(page, question);
    await expect(sourcesOf(page).getByRole('region', { name: 'Matches text' })).toContainText('it moves no share');
    await expect(sourcesOf(page).getByRole('region', { name: 'Estimated influence' })).toContainText('An estimate');
    expect(stretches).toBeGreaterThan(0);
    await followThreadByKeyboard(page);
    await picture(page, 'threads');
    expect(await findViolations(page, 'all')).toEqual([]);
  });

  await test.step('without a contributor, then without the Datanet: who is paid and what is said', async () => {
    await leaveOutTopContributor(page);
    await picture(page, 'contributor-left-out');
    await page.getByRole('button', { name: 'Leave the whole Datanet out' }).click();
    await expect(page.getByText('Nobody: no row is left that could be paid')).toBeVisible();
    expect(await answerWithout(page, 60_000)).toBe('base');
    await picture(page, 'datanet-left-out');
    await page.getByRole('button', { name: 'Count everything again' }).click();
  });

  await test.step('a better answer becomes a row that can earn', async () => {
    await page.getByRole('button', { name: 'Not good' }).click();
    await page.getByRole('button', { name: 'Write it as it should be' }).click();
    await page
      .getByLabel('The answer as it should be')
      .fill(
        'Ransomware then scrambles only every few blocks of each file: that is faster, and harder to notice by its load.',
      );
    await page.getByRole('checkbox', { name: /^I wrote or checked this/ }).check();
    await page.getByRole('button', { name: 'Offer it as a row' }).click();
    await page.getByRole('link', { name: 'Where it stands' }).click();
    await expect(page.getByText(/corrects rcp_/).first()).toBeVisible();
  });
});
