/**
 * `npm run approve-rotation -- <name or account> <wallet>`: the rotation authority's approval that what a name without a wallet,
 * or a lost wallet that never acted, earned is paid to a wallet. For operators, after they have checked who asks; prints what
 * the person pastes on the rewards page. Signs with OPERATOR_PRIVATE_KEY (on the devnet its well-known operator's).
 */
import { type Address, type Hex, isAddress, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { canonicalHandle, handleAccount } from '../lib/kernel/handle-account.ts';
import { createChainClient } from '../lib/platform/chain/client.ts';
import { readDeployment } from '../lib/platform/deployment.ts';
import { devnetChainId } from '../lib/platform/env.ts';
import { approveRotation } from '../lib/rewards/approve-rotation.ts';
import { findSetting, readSetting } from './audit/read-settings.ts';
import { devnetAccount, devnetRoles } from './contracts/devnet-config.ts';

const [named = '', to = ''] = process.argv.slice(2);
const handle = isAddress(named) ? null : canonicalHandle(named);
const account: Address | null = isAddress(named) ? named : handle === null ? null : handleAccount(handle);
if (!account || !isAddress(to)) {
  console.error('usage: npm run approve-rotation -- <name like github:alice, or 0x account> <0x wallet>');
  process.exit(2);
}

const chainId = Number(readSetting('CHAIN_ID'));
const approval = await approveRotation(
  {
    chain: createChainClient({ CHAIN_ID: chainId, RPC_URL: readSetting('RPC_URL') }),
    deployment: readDeployment(readSetting('DEPLOYMENT_FILE')),
    operator: privateKeyToAccount(operatorKey()),
    now: () => new Date(),
  },
  { kind: 'system' },
  { account, to },
).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
console.log(JSON.stringify(approval, null, 2));

function operatorKey(): Hex {
  const configured = findSetting('OPERATOR_PRIVATE_KEY');
  if (configured) return configured as Hex;
  if (chainId !== devnetChainId) throw new Error('OPERATOR_PRIVATE_KEY is not set');
  return toHex(devnetAccount(devnetRoles.operator).getHdKey().privateKey!);
}
