import { expect, type Page } from '@playwright/test';
import { formatEther, parseEther } from 'viem';
import { revenueRouterAbi } from '../contracts-abi/revenue-router.ts';
import { handleAccount } from '../lib/kernel/handle-account.ts';
import { parseOpen } from '../lib/kernel/money.ts';
import { devnetAccount } from '../scripts/contracts/devnet-config.ts';
import { e2ePlace } from '../scripts/test/e2e-place.ts';
import { chainReader, contractAddress, equip, purse } from './support/chain.ts';
import { freezeAndAnchor } from './support/curate.ts';
import { HeadlessPayer } from './support/headless-payer.ts';
import { liveModel } from './support/live-model.ts';
import { approveRotation, importNamedRows, vetoRotation } from './support/named-rows.ts';
import { openBalance } from './support/pay.ts';
import { devnetPerson } from './support/people.ts';
import { picturesOf } from './support/pictures.ts';
import { readRuntime } from './support/place.ts';
import { readPage } from './support/read-page.ts';
import { auditConservation, claim } from './support/settle.ts';
import { signIn } from './support/sign-in.ts';
import { type Person, test } from './support/test.ts';
import { finishedRun, launchTraining, publishRun } from './support/train-model.ts';
import { untilSeen, untilShown } from './support/until.ts';
import { makeValidator, proveEquivocation, rewardPool } from './support/validators.ts';
import { condemn, epochState, prepareChallenge, publishTheft, verifyEpoch } from './support/wrong-root.ts';

/** Devnet accounts of the journey; 1 to 12 are the samples' people and the protocol's parties. */
const people = { earner: 3, owner: 5, payer: 8, staker: 30, voter: 31, faulty: 32, thief: 33, anybody: 34, named: 37 };
const jurors = [35, 36];
const name = 'forum:first-helper';
const picture = picturesOf('economy');
type Enter = (index: number) => Promise<Person>;

/**
 * Issue 5: money at stake, a vote, a theft that dies, and a name without a wallet. The four go on side by side, because each of
 * them waits most of the time for clocks of the chain that nobody can move.
 */
test('the economy', async ({ person, request }) => {
  test.setTimeout(15 * 60_000);
  const enter: Enter = async (index) => {
    const someone = await person(index);
    await someone.page.goto('/');
    await signIn(someone.page, someone.address);
    return someone;
  };
  const payer = new HeadlessPayer(readRuntime().APP_URL, readRuntime(), devnetPerson(people.payer));
  await payer.signIn();
  await payer.openChannel(parseEther('20'));
  const asked = askOnce(payer, await liveModel(request), 'economy-1');
  const ends = await Promise.allSettled([
    stakeAndLeave(enter),
    changeTheFee(enter),
    asked.then(() => stopTheTheft(enter)),
    earnUnderAName(enter, payer),
  ]);
  const faults = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
  if (faults.length > 0) throw faults.length === 1 ? faults[0] : new Error(faults.map(String).join('\n\n'));
  await test.step('the new fee is what the router takes', async () => {
    await askOnce(payer, await liveModel(request), 'economy-2');
    await expect.poll(newestFeeBps, { timeout: 120_000 }).toBe(400n);
  });
  await test.step('every wei is accounted for', async () => {
    await expect(async () => {
      expect(await auditConservation()).toContain('Every wei is accounted for.');
    }).toPass({ timeout: 60_000, intervals: [2_000] });
  });
});

/** A stake that earns, is slashed while it leaves, and comes back less the slash. */
async function stakeAndLeave(enter: Enter): Promise<void> {
  const address = await equip(people.staker, '200');
  const pool = await makeValidator(people.faulty);
  const { page } = await enter(people.staker);
  const before = await openBalance(address);

  await test.step('the worst case stands before the signature, and the stake is made', async () => {
    await page.goto('/staking?kind=validator');
    await untilSeen(page, page.locator(`a[href="/staking/${pool}"]`));
    await page.locator(`a[href="/staking/${pool}"]`).click();
    await page.getByLabel('Amount in OPEN').fill('100');
    const worst = page.getByTestId('worst-case');
    await expect(worst).toContainText(/30\s?OPEN \(30 %\)/);
    await expect(worst).toContainText(/50\s?OPEN \(50 %\)/);
    await picture(page, 'worst-case');
    await page.getByRole('button', { name: '1. Approve 100 OPEN' }).click();
    await expect(page.getByText('Approved. Now stake.')).toBeVisible();
    await page.getByRole('button', { name: '2. Stake 100 OPEN' }).click();
    await expect(page.getByText('Your OPEN is at stake.')).toBeVisible();
    await untilShown(page, 'Staked', '100');
  });

  await test.step('a reward is streamed, shown by its source, and collected', async () => {
    await rewardPool(purse, pool, parseEther('101'), e2ePlace.daySeconds);
    await page.waitForTimeout((e2ePlace.daySeconds + 2) * 1_000);
    await page.reload();
    await expect(page.getByText('From fees')).toBeVisible();
    await page.getByRole('button', { name: 'Collect rewards' }).click();
    await expect(page.getByText('The rewards are in your wallet.')).toBeVisible();
    await picture(page, 'rewarded');
    // 101 OPEN over 10,100 staked: one hundredth for each OPEN, rounded down.
    const earned = (await openBalance(address)) - before + parseEther('100');
    expect(earned).toBeGreaterThan(parseEther('0.999'));
    expect(earned).toBeLessThanOrEqual(parseEther('1'));
  });

  await test.step('what is leaving is slashed too', async () => {
    await page.reload();
    await page.getByLabel('Amount to take back').fill('100');
    await page.getByRole('button', { name: 'Begin to leave with 100 OPEN' }).click();
    await expect(page.getByText('The clock runs.')).toBeVisible();
    await untilSeen(page, page.locator('[data-unbonding="waiting"]'));
    expect(await proveEquivocation(purse, people.faulty)).toBe(parseEther('505'));
    await untilSeen(page, page.getByRole('table', { name: 'Slashes of this pool' }).getByText('5 %', { exact: true }));
    await untilShown(page, 'Leaving', '95');
    await picture(page, 'slashed');
  });

  await test.step('too early is refused in words; in time the rest is paid', async () => {
    await page.getByRole('button', { name: 'Withdraw 95 OPEN' }).click();
    await expect(page.getByRole('alert').filter({ hasText: 'can be withdrawn from' })).toBeVisible();
    const held = await openBalance(address);
    await untilSeen(page, page.locator('[data-unbonding="withdrawable"]'), 300_000);
    await page.getByRole('button', { name: 'Withdraw 95 OPEN' }).click();
    await expect(page.getByText('The OPEN is in your wallet.')).toBeVisible();
    expect((await openBalance(address)) - held).toBe(parseEther('95'));
  });

  await test.step('the list of transactions knows all of them, after a reload and with what failed', async () => {
    await page.goto('/transactions');
    const table = page.getByRole('table', { name: 'Transactions sent from this browser' });
    for (const title of ['1. Approve 100 OPEN', '2. Stake 100 OPEN', 'Collect rewards', 'Withdraw 95 OPEN']) {
      await expect(table.getByRole('link', { name: title }).first()).toBeVisible();
    }
    await expect(table.locator('[data-transaction="final"]')).toHaveCount(5);
    await picture(page, 'transactions');
    await readable(page, ['/transactions', `/staking/${pool}`]);
  });
}

/** Votes, a proposal that says what it does, its timelock, and a fee that holds from the next epoch on. */
async function changeTheFee(enter: Enter): Promise<void> {
  await equip(people.voter, '20000');
  const { page } = await enter(people.voter);
  let proposal = '';

  await test.step('votes come from wrapping and delegating', async () => {
    await page.goto('/governance');
    await page.getByLabel('OPEN to wrap').fill('20000');
    await page.getByRole('button', { name: '1. Approve the amount' }).click();
    await expect(page.getByText('Approved. Now wrap.')).toBeVisible();
    await page.getByRole('button', { name: '2. Wrap and delegate' }).click();
    await expect(page.getByText('The votes count from now on.')).toBeVisible();
    await untilShown(page, 'Your votes now', '20,000');
  });

  await test.step('a proposal says what it will do before it is signed', async () => {
    await page.getByRole('combobox', { name: 'Parameter' }).selectOption('protocolFeeBps');
    await page.getByLabel('New value in per cent').fill('11');
    await expect(page.getByText('Possible is 0 to 10.')).toBeVisible();
    await page.getByLabel('New value in per cent').fill('4');
    await page.getByLabel('Why').fill('Cheaper answers bring more questions.');
    await expect(page.getByText('Protocol fee: from 5 % to 4 %')).toBeVisible();
    await page.getByRole('button', { name: 'Propose it' }).click();
    await expect(page.getByText('The proposal is on chain.')).toBeVisible();
    await untilSeen(page, page.getByRole('link', { name: /Protocol fee: from 5 % to 4 %/ }));
    await picture(page, 'proposed');
  });

  await test.step('weight, quorum and snapshot stand before the vote', async () => {
    await page.getByRole('link', { name: /Protocol fee: from 5 % to 4 %/ }).click();
    await expect(page.getByTestId('proposal-call')).toContainText(/protocol fee to 4 %/i);
    proposal = new URL(page.url()).pathname;
    await untilSeen(page, page.locator('[data-proposal=active]'));
    await expect(page.getByTestId('voting-weight')).toContainText('20,000');
    await expect(page.getByTestId('tally')).toContainText('As it stands it would not be accepted.');
    await picture(page, 'vote');
    await page.getByRole('button', { name: 'Vote for' }).click();
    await expect(page.getByText('Your vote is counted.')).toBeVisible();
  });

  await test.step('it is queued, waits, and is executed by anybody', async () => {
    await untilSeen(page, page.locator('[data-proposal=succeeded]'), 180_000);
    await page.getByRole('button', { name: 'Queue it' }).click();
    await expect(page.getByText('It waits in its timelock.')).toBeVisible();
    await untilSeen(page, page.locator('[data-proposal=queued]'));
    await page.getByRole('button', { name: 'Execute it' }).click();
    await expect(page.getByText('It is executed.')).toBeVisible();
    await picture(page, 'executed');
  });

  await test.step('the fee holds from the next epoch on', async () => {
    await page.goto('/governance');
    await untilSeen(
      page,
      page.locator('[data-parameter=protocolFeeBps] td:nth-child(2)', { hasText: /^4\s%$/ }),
      60_000,
    );
    await picture(page, 'applied');
    await readable(page, ['/governance', proposal]);
  });
}

/** A root that takes everything: anybody finds it wrong and freezes it, a jury kills it, and what was earned before is paid. */
async function stopTheTheft(enter: Enter): Promise<void> {
  await prepareChallenge(people.anybody);
  const earner = await enter(people.earner);
  const { page } = await enter(people.anybody);
  await Promise.all(jurors.map(makeValidator));
  await test.step('an honest root is there', () => untilClaimable(earner.page));

  const stolen = await test.step('a root without data is posted, seen, found out and frozen', async () => {
    await page.goto('/rewards');
    const id = await publishTheft(people.thief);
    const verified = verifyEpoch(id); // starts beside the page: on a busy machine it takes as long as the window is open
    await untilSeen(page, page.locator(`[data-epoch="${id}"]`));
    await page.getByRole('button', { name: '2. Challenge this period' }).click();
    await expect(page.getByText('The period is frozen until the court decides.')).toBeVisible();
    expect(await epochState(id)).toBe('frozen');
    expect(await verified).toMatchObject({ code: 1, said: expect.stringContaining('verify:') });
    return id;
  });

  await test.step('what was claimable before the theft is paid while it is frozen', async () => {
    const promisedWei = await untilClaimable(earner.page);
    expect(promisedWei).toBeGreaterThan(0n);
    expect(await claim(earner.page, earner.address)).toBe(promisedWei);
    await picture(earner.page, 'claimed-while-frozen');
  });

  await test.step('the jury upholds the challenge: the root dies and the publisher pays', async () => {
    const slash = await condemn(people.anybody, stolen, [...jurors, people.faulty]);
    expect(await epochState(stolen)).toBe('revoked');
    expect(slash).toMatchObject({
      publisher: devnetAccount(people.thief).address,
      amount: parseEther('10000'),
      challenger: devnetAccount(people.anybody).address,
      reward: parseEther('5000'),
    });
    await page.goto('/rewards');
    await untilSeen(page, page.locator(`[data-epoch="${stolen}"]`, { hasText: 'revoked' }));
    await picture(page, 'theft-revoked');
  });
}

/** Rows under a name earn; a false claim to them is refused by the guardian, the true one waits its delay and is paid. */
async function earnUnderAName(enter: Enter, payer: HeadlessPayer): Promise<void> {
  const account = handleAccount(name);
  const { page } = await enter(people.owner);
  const model = await test.step('rows of somebody without a wallet are trained on', async () => {
    await importNamedRows(page, 'customer-support', name);
    await freezeAndAnchor(page, 'customer-support', 2, (shot) => picture(page, shot));
    await launchTraining(page, {
      ...{ name: 'Support desk', domain: 'Support', version: /Customer Support.*version 2/ },
      picture: async () => {},
    });
    await finishedRun(page, 300_000);
    return publishRun(page, async () => {});
  });
  await askOnce(payer, model, 'economy-named');
  const owner = await bindName(enter);

  await test.step('what the name earned is claimed with one button', async () => {
    const promisedWei = await untilClaimable(owner.page, 300_000);
    await picture(owner.page, 'name-claimable');
    expect(promisedWei).toBeGreaterThan(0n);
    expect(await claim(owner.page, owner.address)).toBe(promisedWei);
    await owner.page.goto(`/rewards?account=${account}`);
    await untilShown(owner.page, 'Claimed', formatEther(promisedWei).slice(0, 6));
  });
}

/** EIP-712 approval, veto of a false one, delay, and confirmation on the page. */
async function bindName(enter: Enter): Promise<Person> {
  const account = handleAccount(name);
  await equip(people.named, '1');
  const { page, ...owner } = await enter(people.named);
  const announce = async (approval: string) => {
    await page.goto('/rewards');
    await page.getByLabel('Name or lost account').fill(name);
    await page.getByLabel('Approval of the rotation authority').fill(approval);
    await page.getByRole('button', { name: 'Announce it with the approval' }).click();
    await expect(page.getByText('Announced. Its clock runs;')).toBeVisible();
    await page.goto(`/rewards?account=${account}`);
    await untilSeen(page, page.locator('[data-change="waiting"]'));
  };
  await test.step('a rotation that the guardian refuses', async () => {
    await announce(await approveRotation(name, owner.address));
    await picture(page, 'rotation-waits');
    await vetoRotation(account);
    await untilSeen(page, page.getByText('This account belongs to a name that has no wallet yet.'));
  });
  await test.step('the rotation that nobody refuses', async () => {
    await announce(await approveRotation(name, owner.address));
    await untilSeen(page, page.locator('[data-change="ready"]'));
    await page.getByRole('button', { name: 'Put it in force' }).click();
    await expect(page.getByText('In force.')).toBeVisible();
  });
  return { page, ...owner };
}

/** As their owner sees them: these pages have forms that guests do not get. */
async function readable(page: Page, paths: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const path of paths) {
    const name = path.slice(0, 14).replaceAll('/', '-');
    problems.push(...(await readPage(page, path, (width) => picture(page, `${width}${name}`))));
  }
  expect(problems).toEqual([]);
}

/** Asks until answered, under one key, as a client does. */
async function askOnce(payer: HeadlessPayer, model: string, key: string): Promise<void> {
  await expect(async () => {
    const { status, ended } = await payer.ask(model, key);
    expect({ status, ended }).toEqual({ status: 200, ended: true });
  }).toPass({ timeout: 60_000, intervals: [1_000] });
}

/** Waits on the rewards page until something can be claimed. Returns how much it promises, in wei. */
async function untilClaimable(page: Page, timeoutMs = 240_000): Promise<bigint> {
  await page.goto('/rewards');
  await untilSeen(page, page.getByTestId('claim-amount'), timeoutMs);
  return parseOpen(await page.getByTestId('claim-amount').innerText());
}

/** The rate of the router's newest division, as far as its rounding lets it be told. */
async function newestFeeBps(): Promise<bigint> {
  const logs = await chainReader().getContractEvents({
    ...{ address: contractAddress('revenueRouter'), abi: revenueRouterAbi, eventName: 'Flushed' },
    ...{ fromBlock: 0n, strict: true },
  });
  const { fee, amount } = logs.at(-1)!.args;
  return (fee * 10_000n + amount / 2n) / amount;
}
