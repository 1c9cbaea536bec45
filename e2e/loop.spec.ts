import { expect } from '@playwright/test';
import type { ReceiptBody2 } from '../lib/kernel/receipt.ts';
import { ask } from './support/ask.ts';
import { dropFile, readVerdicts, sendRows } from './support/contribute.ts';
import { acceptAll, freezeAndAnchor } from './support/curate.ts';
import { depositFromFaucet } from './support/pay.ts';
import { giveGas } from './support/people.ts';
import { picturesOf } from './support/pictures.ts';
import { auditConservation, claim, waitUntilClaimable } from './support/settle.ts';
import { signIn } from './support/sign-in.ts';
import { reproduce, takeGguf } from './support/take-away.ts';
import { type Person, test } from './support/test.ts';
import { finishedRun, launchTraining, publishRun } from './support/train-model.ts';

const slug = 'threat-intelligence';
const [contributorIndex, payerIndex, curatorIndex] = [20, 21, 1];
const questions = [
  'What makes a rootkit harder to find than ordinary malware?',
  'How does a computer worm differ from a trojan?',
  'What is a honeytoken and where should we plant one?',
  'Why is dwell time an important number for defenders?',
  'What is a watering hole attack against a company?',
];

const picture = picturesOf('loop');

/** The journey of issue 2, section 3: everything real, three people, no mock of the chain. */
test('the loop closes: contribute, accept, freeze, train, publish, ask, settle, claim', async ({ person, request }) => {
  const contributor = await enter(await person(contributorIndex));
  const shot = (name: string) => picture(contributor.page, name);

  await test.step('contribute 20 rows, of which 2 are duplicates and 1 is invalid', async () => {
    await dropFile(contributor.page, slug, 'db/samples/example-upload.csv');
    const { counts, named } = await readVerdicts(contributor.page, 20);
    await shot('verdicts');
    expect(counts).toEqual({ new: 17, duplicate: 2, invalid: 1, held: 0 });
    expect(named[0]).toMatch(/^5: Duplicate of …\w{6} \(accepted\)/);
    expect(named[1]).toMatch(/^12: Duplicate of …\w{6} \(accepted\)/);
    expect(named[2]).toMatch(/^17: “completion” is empty/);
    await sendRows(contributor.page, 17);
    await shot('contribution-sent');
  });

  const curator = await enter(await person(curatorIndex));
  await test.step('the curator accepts, freezes version 2 and writes its root on chain', async () => {
    const curators = (name: string) => picture(curator.page, name);
    await acceptAll(curator.page, slug, 17, curators);
    await freezeAndAnchor(curator.page, slug, 2, curators);
    await curators('anchored');
  });

  const model = await test.step('train on version 2 and publish', async () => {
    const options = { name: 'Threat desk', domain: 'Cybersecurity', version: /version 2/, picture: shot };
    const runId = await launchTraining(contributor.page, options);
    // The sample model may be in training before it.
    await expect(contributor.page.locator('[data-run]')).toHaveAttribute('data-run', /running|succeeded/, {
      timeout: 180_000,
    });
    await contributor.page.waitForTimeout(5_000);
    await shot('training');
    const { heldOutLoss, baseLoss } = await finishedRun(contributor.page, 240_000);
    await shot('training-finished');
    expect(heldOutLoss).toBeLessThan(baseLoss);
    const published = await publishRun(contributor.page, shot);
    await contributor.page.goto(`/models/${published}`);
    await shot('model-live');
    await takeGguf(contributor.page, published, request);
    await shot('model-taken-away');
    expect(await reproduce(runId)).toMatch(/^ok adapter/m);
    return published;
  });

  const payer = await enter(await person(payerIndex));
  const receipts = await test.step('deposit and ask 5 paid questions', async () => {
    await depositFromFaucet(payer.page, '5', (name) => picture(payer.page, name));
    await payer.page.goto(`/playground?model=${model}`);
    const ids: string[] = [];
    for (const question of questions) {
      ids.push(await ask(payer.page, question));
      await picture(payer.page, `answer-${ids.length}`);
    }
    // One permission and one deposit were signed; no answer asked the wallet for anything.
    expect(payer.wallet.asked.filter((what) => what.startsWith('eth_sendTransaction'))).toHaveLength(1);
    return ids;
  });

  await test.step('receipts share everything out and recompute in the browser', async () => {
    for (const id of receipts) {
      const { body } = await (await request.get(`/api/v1/receipts/${id}`)).json();
      const { shares, commonPpm, certificate, basis }: ReceiptBody2['attribution'] = body.attribution;
      expect(shares.reduce((sum, share) => sum + share.sharePpm, commonPpm)).toBe(1_000_000);
      // Nothing is measured where the journeys run (playwright.config.ts), so all of it is the common pool's.
      expect(basis).toBe(certificate.status === 'certified' ? 'influence' : 'flat');
      if (basis === 'flat') expect(commonPpm).toBe(1_000_000);
      expect(body.payer).toBe(payer.address.toLowerCase());
      expect(BigInt(body.feeWei)).toBeGreaterThan(0n);
    }
    await payer.page.goto(`/receipts/${receipts[0]}`);
    await payer.page.getByRole('button', { name: 'Verify in this browser' }).click();
    await expect(payer.page.getByText('Every step checked here recomputes')).toBeVisible();
    await picture(payer.page, 'receipt-verified');
  });

  await test.step('the contributor claims exactly what the rewards page promised', async () => {
    const promisedWei = await waitUntilClaimable(contributor.page, () => shot('rewards-pending'));
    await shot('rewards-claimable');
    expect(promisedWei).toBeGreaterThan(0n);
    expect(await claim(contributor.page, contributor.address)).toBe(promisedWei);
    await shot('claimed');
  });

  await test.step('every wei is accounted for', async () => {
    await expect(async () => expect(await auditConservation()).toContain('Every wei is accounted for.')).toPass({
      timeout: 20_000,
    });
  });
});

async function enter(someone: Person): Promise<Person> {
  await giveGas(someone.address);
  await someone.page.goto('/');
  await signIn(someone.page, someone.address);
  await picture(someone.page, 'signed-in');
  return someone;
}
