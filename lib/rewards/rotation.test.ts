import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { handleAccount } from '#lib/kernel/handle-account.ts';
import { parseApproval, rotationTypedData } from '#lib/kernel/rotation.ts';
import { openSettlementWorld, type TestSettlementWorld } from '#scripts/audit/test-support/settlement-world.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';
import { approveRotation } from './approve-rotation.ts';
import { getAccountControl } from './get-account-control.ts';
import { listControlledAccounts } from './list-controlled-accounts.ts';

const [owner, rescuer, thief] = [4, 5, 6].map(devnetAccount) as [Account, Account, Account];
type Account = ReturnType<typeof devnetAccount>;
const handle = handleAccount('github:alice');
let world: TestSettlementWorld;
const ledger = (by: Account, name: string, args: readonly unknown[]) =>
  world.send(by, world.addresses.attributionLedger, attributionLedgerAbi, name, args);
const control = (account: `0x${string}`) => getAccountControl(world.deps, account);
const delay = async (name: 'RECIPIENT_DELAY' | 'ROTATION_DELAY') =>
  world.deps.chain.readContract({
    ...{ address: world.addresses.attributionLedger, abi: attributionLedgerAbi, functionName: name },
  });

beforeAll(async () => {
  world = await openSettlementWorld();
}, 120_000);
afterAll(() => world?.close());

describe('moving earnings', () => {
  it('binds a name to a wallet by the authority’s approval, after its delay, and finds it among what is paid there', async () => {
    const given = await approveRotation(world.deps, { kind: 'system' }, { account: handle, to: owner.address });
    const approval = parseApproval(JSON.stringify(given))!;
    const args = [approval.account, approval.to, BigInt(approval.deadline), approval.signature];
    await ledger(owner, 'announceRotation', args);
    expect(await control(handle)).toMatchObject({
      recipient: null,
      isHeld: true,
      change: { to: owner.address, kind: 'authority' },
    });
    await expect(ledger(owner, 'confirmRecipient', [handle])).rejects.toThrow('LedgerChangeNotReady');
    await world.chain.passTime((await delay('ROTATION_DELAY')) + 1);
    await ledger(thief, 'confirmRecipient', [handle]); // anybody may
    expect(await control(handle)).toMatchObject({ recipient: owner.address, isHeld: false, change: null });
    await world.index();
    expect(await listControlledAccounts(world.deps.db, owner.address)).toEqual([handle]);
  });

  it('refuses an approval for a name that is bound, to anybody but the system, and a wallet that acts', async () => {
    const system = { kind: 'system' } as const;
    await expect(approveRotation(world.deps, system, { account: handle, to: thief.address })).rejects.toThrow(
      'acts for',
    );
    const account = { kind: 'account', address: thief.address } as const;
    const other = handleAccount('github:bob');
    await expect(approveRotation(world.deps, account, { account: other, to: thief.address })).rejects.toThrow(
      'cannot be',
    );
    await ledger(owner, 'setRecovery', [owner.address, rescuer.address]);
    await expect(approveRotation(world.deps, system, { account: owner.address, to: thief.address })).rejects.toThrow(
      'acts for',
    );
  });

  it('moves a lost wallet by its recovery, and the wallet that is not lost refuses', async () => {
    expect((await control(owner.address)).recovery).toBe(rescuer.address);
    const { chainId } = world.deps.deployment;
    const domain = { chainId, attributionLedger: world.addresses.attributionLedger };
    const deadline = BigInt(Math.floor(Date.now() / 1000) + 86_400);
    const message = { account: owner.address, to: rescuer.address, nonce: 0n, deadline };
    const signature = await rescuer.signTypedData(rotationTypedData(domain, message));
    await ledger(rescuer, 'announceRotation', [owner.address, rescuer.address, deadline, signature]);
    expect((await control(owner.address)).change).toMatchObject({ to: rescuer.address, kind: 'recovery' });
    await ledger(owner, 'cancelChange', [owner.address]);
    expect(await control(owner.address)).toMatchObject({ change: null, isHeld: false, recipient: null });
  });

  it('shows an own change with its clock, and no recipient before it is confirmed', async () => {
    await ledger(thief, 'setRecipient', [thief.address, rescuer.address]);
    const waiting = await control(thief.address);
    expect(waiting).toMatchObject({ recipient: null, change: { to: rescuer.address, kind: 'recipient' } });
    expect(waiting.delaySeconds).toBe(await delay('RECIPIENT_DELAY'));
    await world.chain.passTime(waiting.delaySeconds + 1);
    await ledger(thief, 'confirmRecipient', [thief.address]);
    expect(await control(thief.address)).toMatchObject({ recipient: rescuer.address, change: null });
  });
});

describe('parseApproval', () => {
  it('refuses what is no approval', () => {
    for (const text of ['', '{}', 'null', '{"account":"0x1"}', '[]']) expect(parseApproval(text)).toBeNull();
  });
});
