import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { encodeFunctionData, getAddress, parseEther, stringToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { directoryAbi } from '#contracts-abi/directory.ts';
import { guardianAbi } from '#contracts-abi/guardian.ts';
import { openTimelockAbi } from '#contracts-abi/open-timelock.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { paramsAbi } from '#contracts-abi/params.ts';
import { createChainClient } from '#lib/platform/chain/client.ts';
import type { Deployment } from '#lib/platform/deployment.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import { describeCall } from './describe-call.ts';
import { simulateProposal } from './simulate-proposal.ts';

let chain: TestChain;
let deps: { chain: ReturnType<typeof createChainClient>; deployment: Deployment };

beforeAll(async () => {
  chain = await startTestChain();
  deps = { chain: createChainClient({ CHAIN_ID: chain.chainId, RPC_URL: chain.url }), deployment: chain.deployment };
}, 60_000);
afterAll(() => chain?.stop());

const key = (name: string) => stringToHex(name, { size: 32 });
const setParam = (name: string, value: bigint) => ({
  to: deps.deployment.addresses.params!,
  valueWei: 0n,
  data: encodeFunctionData({ abi: paramsAbi, functionName: 'set', args: [key(name), value, 0n] }),
});
const pay = (to: `0x${string}`, wei: bigint) => ({
  to: deps.deployment.addresses.openToken,
  valueWei: 0n,
  data: encodeFunctionData({ abi: openTokenAbi, functionName: 'transfer', args: [to, wei] }),
});

describe('describeCall', () => {
  it('says decisions in words, with the parties by name', () => {
    const { addresses } = deps.deployment;
    const sentence = (to: `0x${string}`, data: `0x${string}`) =>
      describeCall(deps.deployment, { to, valueWei: 0n, data })?.sentence;
    expect(describeCall(deps.deployment, setParam('protocolFeeBps', 300n))).toMatchObject({
      sentence: 'Sets the protocol fee to 3 %, from the next epoch on.',
      call: 'Params.set',
      args: [{ name: 'key' }, { name: 'value', value: '300' }, { name: 'notBefore', value: '0' }],
    });
    expect(describeCall(deps.deployment, setParam('unbondingSeconds', 420n))?.sentence).toContain('to 7 minutes');
    expect(describeCall(deps.deployment, pay(addresses.guardian!, parseEther('12')))?.sentence).toBe(
      'Pays 12 OPEN to Guardian.',
    );
    const appoint = encodeFunctionData({ abi: guardianAbi, functionName: 'appoint', args: [addresses.openToken] });
    expect(sentence(addresses.guardian!, appoint)).toContain('Guardian’s power to OpenToken');
    const delay = encodeFunctionData({ abi: openTimelockAbi, functionName: 'updateDelay', args: [86_400n] });
    expect(sentence(addresses.timelockSlow!, delay)).toBe('Decisions wait 1 day before they take effect.');
    const sunset = { functionName: 'setSunset', args: [addresses.revenueRouter, 1_900_000_000n] } as const;
    expect(sentence(addresses.directory!, encodeFunctionData({ abi: directoryAbi, ...sunset }))).toContain(
      'Ends what is new in RevenueRouter from 2030-03-17T17:46 UTC on',
    );
    const veto = encodeFunctionData({ abi: attributionLedgerAbi, functionName: 'veto', args: [7] });
    expect(sentence(addresses.attributionLedger, veto)).toBe('Calls veto of AttributionLedger with id 7.');
  });

  it('says nothing of contracts and bytes that it does not know', () => {
    const stranger = getAddress(`0x${'77'.repeat(20)}`);
    expect(describeCall(deps.deployment, { to: stranger, valueWei: 0n, data: '0x' })).toBeNull();
    const { params } = deps.deployment.addresses;
    expect(describeCall(deps.deployment, { to: params!, valueWei: 0n, data: '0xdeadbeef' })).toBeNull();
  });
});

describe('simulateProposal', () => {
  it('shows what a change of parameters does, and sends nothing', async () => {
    const before = await deps.chain.getBlockNumber();
    const [result] = await simulateProposal(deps, [setParam('protocolFeeBps', 300n)]);
    expect(result).toMatchObject({ ok: true, failure: null });
    expect(result!.effects).toEqual([expect.stringMatching(/^The protocol fee goes from 5 % to 3 % in epoch \d+[.]$/)]);
    expect(await deps.chain.getBlockNumber()).toBe(before);
  });

  it('runs calls one after the other: the second finds what the first left', async () => {
    // The match may not exceed the fee: 8 % is possible only after the fee has been raised, which takes an epoch.
    const both = await simulateProposal(deps, [setParam('protocolFeeBps', 900n), setParam('matchBps', 800n)]);
    expect(both).toMatchObject([{ ok: true }, { ok: false, failure: { errorName: 'ParamMatchAboveFee' } }]);
    const lower = [setParam('matchBps', 100n), setParam('protocolFeeBps', 200n)];
    expect(await simulateProposal(deps, lower)).toMatchObject([{ ok: true }, { ok: false }]);
  });

  it('names why a call would fail, and tells transfers of the treasury', async () => {
    const { timelockSlow, guardian } = deps.deployment.addresses;
    const spend = pay(guardian!, parseEther('5'));
    expect(await simulateProposal(deps, [spend])).toMatchObject([
      { ok: false, failure: { errorName: 'ERC20InsufficientBalance', errorArgs: [timelockSlow, 0n, parseEther('5')] } },
    ]);
    expect(await simulateProposal(deps, [setParam('protocolFeeBps', 1_001n)])).toMatchObject([
      { ok: false, failure: { errorName: 'ParamOutOfBounds' } },
    ]);
    // Together with another call it is the slow timelock's, which may not set parameters.
    expect(await simulateProposal(deps, [setParam('protocolFeeBps', 300n), pay(guardian!, 0n)])).toMatchObject([
      { ok: false, failure: { errorName: 'ParamForbidden' } },
      { ok: true, effects: ['0 OPEN go from TimelockSlow to Guardian.'] },
    ]);
  });

  it('runs each call on its own on a node that cannot simulate', async () => {
    const node = await startOlderNode(chain.url);
    const older = { ...deps, chain: createChainClient({ CHAIN_ID: chain.chainId, RPC_URL: node.url }) };
    const results = await simulateProposal(older, [setParam('protocolFeeBps', 300n), setParam('nothingBps', 1n)]);
    expect(results).toMatchObject([
      { ok: true, effects: [] },
      { ok: false, failure: { errorName: 'ParamUnknown' } },
    ]);
    node.server.close();
  });
});

/** The same chain behind a node that has never heard of `eth_simulateV1`. */
async function startOlderNode(target: string): Promise<{ server: Server; url: string }> {
  const answer = async (body: string) => {
    const calls = [JSON.parse(body)].flat() as { id: number; method: string }[];
    const refused = calls.find(({ method }) => method === 'eth_simulateV1');
    const error = { code: -32_601, message: 'the method does not exist' };
    if (refused) return JSON.stringify([{ jsonrpc: '2.0', id: refused.id, error }]);
    const headers = { 'content-type': 'application/json' };
    return (await fetch(target, { method: 'POST', body, headers })).text();
  };
  const server = createServer((request, response) => {
    text(request)
      .then(answer)
      .then((reply) => response.end(reply));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
