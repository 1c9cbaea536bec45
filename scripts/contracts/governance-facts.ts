import { type Abi, type Address, type Hex, keccak256, type PublicClient, toHex, zeroAddress, zeroHash } from 'viem';
import { directoryAbi } from '#contracts-abi/directory.ts';
import { governanceOpenAbi } from '#contracts-abi/governance-open.ts';
import { guardianAbi } from '#contracts-abi/guardian.ts';
import { openGovernorAbi } from '#contracts-abi/open-governor.ts';
import { openTimelockAbi } from '#contracts-abi/open-timelock.ts';
import { paramsAbi } from '#contracts-abi/params.ts';
import { directoryEntries } from './directory-entries.ts';
import type { Addresses, DeployConfig } from './plan-deployment.ts';
import { type Fact, readFact } from './read-fact.ts';

/**
 * Who may decide what: settings of the Governor, roles of both timelocks, owner and entries of the Directory, the Guardian.
 */
export function governanceFacts(
  reader: PublicClient,
  { addresses, config }: { addresses: Addresses; config: DeployConfig },
): Fact[] {
  const ask =
    (name: keyof Addresses, abi: Abi) =>
    (functionName: string, expected: unknown, ...args: unknown[]) =>
      readFact(reader, { name, address: addresses[name]!, abi }, functionName, args, expected);
  const directory = ask('directory', directoryAbi);
  const params = ask('params', paramsAbi);
  return [
    ...governorFacts(ask('openGovernor', openGovernorAbi), addresses, config),
    ...timelockFacts(ask('timelockSlow', openTimelockAbi), addresses, config, config.governance.slowDelaySeconds),
    ...timelockFacts(ask('timelockFast', openTimelockAbi), addresses, config, config.governance.fastDelaySeconds),
    // A GOPEN that was there before may wrap the coin itself, and then has no such token.
    ...(config.governanceOpen ? [] : [ask('governanceOpen', governanceOpenAbi)('underlying', addresses.openToken)]),
    ask('guardian', guardianAbi)('directory', addresses.directory),
    params('AUTHORITY', addresses.timelockFast),
    params('TIME_SCALE', config.timeScale),
    directory('owner', addresses.timelockSlow),
    // Others are whatever governance made of them; fillDirectory has seen that somebody plays each part.
    ...directoryEntries(addresses, config)
      .filter(({ isFirstOnly }) => !isFirstOnly)
      .map(({ key, target }) => directory('addressOf', target, key)),
  ];
}

type Ask = (functionName: string, expected: unknown, ...args: unknown[]) => Fact;

function governorFacts(ask: Ask, addresses: Addresses, { governance }: DeployConfig): Fact[] {
  return [
    ask('token', addresses.governanceOpen),
    ask('directory', addresses.directory),
    ask('guardian', addresses.guardian),
    ask('timelockSlow', addresses.timelockSlow),
    ask('timelockFast', addresses.timelockFast),
    ask('votingDelay', governance.votingDelaySeconds),
    ask('votingPeriod', governance.votingPeriodSeconds),
    ask('lateQuorumVoteExtension', governance.lateExtensionSeconds),
    ask('proposalThreshold', governance.thresholdWei),
    ask('QUORUM_FLOOR', governance.quorumFloorWei),
  ];
}

/** Only the Governor proposes and cancels, anyone executes, and nobody administers. */
function timelockFacts(ask: Ask, addresses: Addresses, config: DeployConfig, delaySeconds: number): Fact[] {
  const role = (name: string): Hex => keccak256(toHex(name));
  const others: Address[] = [config.deployer, config.operator, config.guardianHolder, addresses.guardian, zeroAddress];
  const extra = config.governance.extraProposer;
  return [
    ask('DELAY_FLOOR', delaySeconds),
    ask('getMinDelay', delaySeconds),
    ask('hasRole', true, role('PROPOSER_ROLE'), addresses.openGovernor),
    ask('hasRole', true, role('EXECUTOR_ROLE'), zeroAddress),
    ...others.flatMap((account) => [
      ask('hasRole', account === extra, role('PROPOSER_ROLE'), account),
      ask('hasRole', account === extra, role('CANCELLER_ROLE'), account),
      ask('hasRole', false, zeroHash, account),
    ]),
  ];
}
