import { type Address, type Hex, keccak256, parseEther, parseSignature, toHex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { openSettlementWorld, type TestSettlementWorld } from '#scripts/audit/test-support/settlement-world.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { acceptTransfer } from './accept-transfer.ts';
import { findTokenDomain } from './token-domain.ts';
import type { ExactPayload } from './types.ts';

let world: TestSettlementWorld;
const [payer, stranger] = [devnetAccount(1), devnetAccount(2)];
const value = parseEther('1');
const question = [{ role: 'user' as const, content: 'Who pays?' }];
const lower = (address: Address) => address.toLowerCase() as Address;

beforeAll(async () => {
  world = await openSettlementWorld();
}, 120_000);
afterAll(() => world?.close());

type Signed = { args: readonly unknown[]; payload: ExactPayload };

/** An authorization of the payer, as the HTTP header has it and as the token takes it. */
async function authorize(nonce: Hex, to: Address, amountWei = value): Promise<Signed> {
  const domain = (await findTokenDomain(world.deps))!;
  const { timestamp } = await world.deps.chain.getBlock();
  const validBefore = timestamp + 3_600n;
  const message = { from: lower(payer.address), to: lower(to), value: amountWei, validAfter: 0n, validBefore, nonce };
  const fields = { from: 'address', to: 'address', value: 'uint256', validAfter: 'uint256' };
  const types = Object.entries({ ...fields, validBefore: 'uint256', nonce: 'bytes32' });
  const signature = await payer.signTypedData({
    ...{ domain, primaryType: 'TransferWithAuthorization', message },
    types: { TransferWithAuthorization: types.map(([name, type]) => ({ name, type })) },
  });
  const { r, s, yParity } = parseSignature(signature);
  const text = Object.fromEntries(Object.entries(message).map(([name, part]) => [name, String(part)]));
  const accepted = { scheme: 'exact', network: `eip155:${world.deps.deployment.chainId}` };
  return {
    args: [message.from, message.to, amountWei, 0n, validBefore, nonce, yParity + 27, r, s],
    payload: { x402Version: 2, accepted, payload: { signature, authorization: text } } as unknown as ExactPayload,
  };
}
const sendBy = (account: typeof payer, { args }: Signed) =>
  world.send(account, world.addresses.openToken, openTokenAbi, 'transferWithAuthorization', args);
const paidWei = () => world.balanceOf(world.addresses.revenueRouter);

it('takes a payment that somebody else sent first for what it is: paid, once', async () => {
  const { revenueRouter } = world.addresses;
  const before = await paidWei();
  const signed = await authorize(keccak256(toHex('early')), revenueRouter);
  const accepted = await acceptTransfer(world.deps, signed.payload, question);
  const { transactionHash } = await sendBy(stranger, signed); // while the answer is being written
  expect(await accepted.settle()).toBe(transactionHash);
  // Also for who asks only now, and again.
  const again = await acceptTransfer(world.deps, signed.payload, question);
  expect(await again.settle()).toBe(transactionHash);
  expect((await paidWei()) - before).toBe(value);
}, 60_000);

it('does not take for a payment what used up its nonce otherwise', async () => {
  const { revenueRouter, openToken } = world.addresses;
  const before = await paidWei();
  for (const [name, to, amountWei] of [
    ['elsewhere', stranger.address, value],
    ['less', revenueRouter, value - 1n],
  ] as const) {
    const nonce = keccak256(toHex(name));
    const promised = await authorize(nonce, revenueRouter);
    const accepted = await acceptTransfer(world.deps, promised.payload, question);
    await sendBy(payer, await authorize(nonce, to, amountWei));
    await expect(accepted.settle()).rejects.toThrow('when the answer was written');
    await expect(acceptTransfer(world.deps, promised.payload, question)).rejects.toThrow('the token refuses it');
  }
  const nonce = keccak256(toHex('cancelled'));
  const promised = await authorize(nonce, revenueRouter);
  const accepted = await acceptTransfer(world.deps, promised.payload, question);
  const domain = (await findTokenDomain(world.deps))!;
  const signature = await payer.signTypedData({
    ...{ domain, primaryType: 'CancelAuthorization', message: { authorizer: payer.address, nonce } },
    types: {
      CancelAuthorization: [
        { name: 'authorizer', type: 'address' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
  });
  const { r, s, yParity } = parseSignature(signature);
  await world.send(payer, openToken, openTokenAbi, 'cancelAuthorization', [payer.address, nonce, yParity + 27, r, s]);
  await expect(accepted.settle()).rejects.toThrow('when the answer was written');
  expect((await paidWei()) - before).toBe(value - 1n);
}, 60_000);
