import { type Hex, keccak256, parseEther, parseEventLogs, parseSignature, toHex } from 'viem';
import { stakePoolsAbi } from '../../contracts-abi/stake-pools.ts';
import { validatorSetAbi } from '../../contracts-abi/validator-set.ts';
import { poolOf } from '../../lib/kernel/pool-of.ts';
import { type Call, chainReader, contractAddress, equip, openCall, sendAs } from './chain.ts';
import { devnetPerson } from './people.ts';

const validatorCall = (functionName: string, args: readonly unknown[]): Call => ({
  address: contractAddress('validatorSet'),
  abi: validatorSetAbi,
  functionName,
  args,
});

const poolsCall = (functionName: string, args: readonly unknown[]): Call => ({
  address: contractAddress('stakePools'),
  abi: stakePoolsAbi,
  functionName,
  args,
});

/** Makes devnet account `index` a validator with 10,000 OPEN of its own, signing with its own key. Answers its pool. */
export async function makeValidator(index: number): Promise<Hex> {
  const stakeWei = parseEther('10000');
  const address = await equip(index, '10000');
  const pool = poolOf('validator', address);
  await sendAs(index, openCall('approve', contractAddress('stakePools'), stakeWei));
  await sendAs(index, poolsCall('stake', [pool, stakeWei, address]));
  const digest = await chainReader().readContract({
    ...{ address: contractAddress('validatorSet'), abi: validatorSetAbi, functionName: 'signerDigest' },
    args: [address],
  });
  await sendAs(index, validatorCall('register', [address, await sign(index, digest), 0]));
  return pool;
}

/** Streams a reward to a pool, as anybody may. */
export async function rewardPool(by: number, pool: Hex, wei: bigint, seconds: number): Promise<void> {
  await sendAs(by, openCall('approve', contractAddress('stakePools'), wei));
  await sendAs(by, poolsCall('reward', [pool, wei, seconds]));
}

/** Validator `index` signs two verdicts for one task, and `by` proves it: 5 % of its pool, without a judge. */
export async function proveEquivocation(by: number, index: number): Promise<bigint> {
  const task = keccak256(toHex('one task'));
  const verdicts: [Hex, Hex] = [keccak256(toHex('yes')), keccak256(toHex('no'))];
  const [first, second] = await Promise.all(
    verdicts.map(async (verdict) => {
      const digest = await chainReader().readContract({
        ...{ address: contractAddress('validatorSet'), abi: validatorSetAbi, functionName: 'verdictDigest' },
        args: [task, verdict],
      });
      return sign(index, digest);
    }),
  );
  const { logs } = await sendAs(
    by,
    validatorCall('proveEquivocation', [task, verdicts[0], first, verdicts[1], second]),
  );
  const [slashed] = parseEventLogs({ abi: stakePoolsAbi, eventName: 'Slashed', logs });
  return slashed!.args.taken;
}

/** A signature over a digest in the compact form (EIP-2098) that the contract takes. */
async function sign(index: number, hash: Hex): Promise<{ r: Hex; vs: Hex }> {
  const { r, s, yParity } = parseSignature(await devnetPerson(index).sign({ hash }));
  const vs = BigInt(s) | (BigInt(yParity) << 255n);
  return { r, vs: `0x${vs.toString(16).padStart(64, '0')}` };
}
