import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, type Page } from '@playwright/test';
import { guardianAbi } from '../../contracts-abi/guardian.ts';
import { devnetRoles } from '../../scripts/contracts/devnet-config.ts';
import { contractAddress, sendAs } from './chain.ts';
import { readRuntime } from './place.ts';

/** Rows of somebody who is known by a name and has no wallet. */
const rows: readonly [question: string, answer: string][] = [
  [
    'A customer asks for an invoice from three years ago, what do I do?',
    'Check how long we keep invoices, find it by the order number and send it as a new message, never in the chat.',
  ],
  [
    'Two customers share one e-mail address, how do I tell them apart?',
    'Ask for the order number and the postal code, and open a separate account for each before anything is changed.',
  ],
  [
    'What do I say when a parcel was left in the rain?',
    'Apologise, ask for one picture of the parcel and one of what was in it, and offer a replacement at once.',
  ],
  [
    'The customer wants to cancel an order that has been packed.',
    'Stop it at the gate if it is still there; otherwise explain how to refuse the delivery, and refund on its return.',
  ],
  [
    'How do I end a chat in which nothing is left to solve?',
    'Sum up what was agreed in one sentence, ask whether anything is missing, and close after a thank-you.',
  ],
  [
    'A voucher code is refused although it is still valid.',
    'Read the minimum order and the excluded goods with the customer, then enter the code yourself and note the error.',
  ],
];

/** Brings the rows into a Datanet under the name, as its signed-in owner, who accepts them by it. Answers how many. */
export async function importNamedRows(page: Page, slug: string, name: string): Promise<number> {
  const { fields } = await (await page.request.get(`/api/v1/datanets/${slug}`)).json();
  const [question, answer] = fields.map((field: { name: string }) => field.name);
  const response = await page.request.post(`/api/v1/datanets/${slug}/imports`, {
    headers: { origin: new URL(page.url()).origin },
    data: {
      source: 'forum-archive.jsonl',
      accept: true,
      rows: rows.map(([q, a], i) => ({ line: i + 1, data: { [question]: q, [answer]: a }, authors: [name] })),
    },
  });
  const imported = await response.json();
  expect(imported).toMatchObject({ stored: rows.length, accepted: rows.length });
  return rows.length;
}

/** The rotation authority's approval that what `name` earned is paid to `wallet`, as an operator makes it. */
export async function approveRotation(name: string, wallet: string): Promise<string> {
  const runtime = readRuntime();
  const env = { ...process.env, ...runtime, CHAIN_ID: String(runtime.CHAIN_ID) };
  const script = ['scripts/approve-rotation.ts', name, wallet];
  return (await promisify(execFile)(process.execPath, script, { env })).stdout;
}

/** The guardian refuses the rotation of an account that waits. */
export async function vetoRotation(account: string): Promise<void> {
  await sendAs(devnetRoles.guardian, {
    ...{ address: contractAddress('guardian'), abi: guardianAbi, functionName: 'cancelChange' },
    args: [contractAddress('attributionLedger'), account],
  });
}
