import {
  type Abi,
  type Address,
  concatHex,
  type EncodeDeployDataParameters,
  encodeDeployData,
  getContractAddress,
  getCreate2Address,
  type Hex,
  keccak256,
  toHex,
  zeroAddress,
} from 'viem';
import type { ContractName } from './contract-names.ts';

/** Everything that differs between two deployments. Amounts in wei of OPEN, times in seconds. */
export type DeployConfig = {
  /** An OPEN that exists already: public chains, and an earlier deployment on the same chain. */
  openToken?: Address;
  /** The faucet of an earlier deployment; only together with `openToken`. */
  faucet?: Address;
  /** Voting power over that OPEN that exists already. */
  governanceOpen?: Address;
  /** The chain's coin is OPEN: the token is WOPEN, deployed unless `openToken` names one, and NativeZap comes along. */
  nativeOpen: boolean;
  /** Owns the Directory while the deployment runs, and receives OpenToken's whole supply where that is deployed. */
  deployer: Address;
  governance: GovernanceConfig;
  /**
   * Emissions: wei of the first week, and when that begins (seconds since 1970). Without a beginning the contract is left
   * out; `deploy` fills in that of the chain.
   */
  emission: { r0Wei: bigint; startSeconds?: number };
  /** By how much Params shortens its times: 1 where money is real. */
  timeScale: number;
  windowSeconds: number;
  disputeTimeoutSeconds: number;
  /** From announcing a recipient of earnings to its coming into force. */
  recipientDelaySeconds: number;
  /** The same for a rotation of an account whose key is lost or never was; four times as long without a named recovery. */
  rotationDelaySeconds: number;
  /** Chainlink's feed of the sequencer's uptime, on chains that have one. */
  uptimeFeed?: Address;
  publisherBondWei: bigint;
  challengeBondWei: bigint;
  protocolFeeBps: number;
  splitDelaySeconds: number;
  /** Who decides disputes at first: the juries of DisputeCourt, or the Guardian until there are validators. */
  court: 'jury' | 'guardian';
  /** Who holds the Guardian's power: on public chains a Safe of several people. */
  guardianHolder: Address;
  /** Absent: TimelockSlow, so that governance decides about it. */
  treasury?: Address;
  /** Binds accounts of people who had no wallet to the wallet they prove later. */
  rotationAuthority: Address;
  /** May choose who claims vouchers for the router. */
  admin: Address;
  /** Claims vouchers for the router from the start: the gateway's hot key. */
  operator: Address;
  gatewayId: Hex;
};

/** Times in seconds, amounts in wei of GOPEN. Public chains have the values of the protocol (public-config.ts). */
export type GovernanceConfig = {
  votingDelaySeconds: number;
  votingPeriodSeconds: number;
  lateExtensionSeconds: number;
  thresholdWei: bigint;
  quorumFloorWei: bigint;
  slowDelaySeconds: number;
  fastDelaySeconds: number;
  /** May schedule in both timelocks without a vote: devnets only. */
  extraProposer?: Address;
};

/** Addresses by the name that the application uses; `faucet` is absent where OPEN existed before. */
export type Addresses = {
  openToken: Address;
  faucet?: Address;
  /** Only where the coin is OPEN; the same as `openToken` there. */
  wrappedOpen?: Address;
  governanceOpen: Address;
  directory: Address;
  guardian: Address;
  openGovernor: Address;
  timelockSlow: Address;
  timelockFast: Address;
  params: Address;
  stakePools: Address;
  poolVaults: Address;
  validatorSet: Address;
  disputeCourt: Address;
  emissionController?: Address;
  datanetRegistry: Address;
  modelRegistry: Address;
  identityRegistry: Address;
  inferenceChannels: Address;
  attributionLedger: Address;
  revenueRouter: Address;
  serviceVaults: Address;
  bounties: Address;
  nativeZap?: Address;
};

/** One contract to create: what the CREATE2 proxy is sent (`salt ++ initCode`) and where it will be. */
export type DeployStep = { name: ContractName; address: Address; data: Hex };

/** The deterministic-deployment proxy (Arachnid), at this address on anvil, on OP Stack chains and most others. */
export const create2Proxy = '0x4e59b44847b379578588920cA78FbF26c0B4956C' as const;

/** keccak256 of the proxy's runtime code: at another code the addresses below would mean nothing. */
export const create2ProxyCodeHash = '0x2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989' as const;

const salt = keccak256(toHex('openledger/1'));

/**
 * The contracts of a deployment in order, with addresses that follow from code, arguments and salt alone. Pure: the
 * code at such an address is the code we compiled, because CREATE2 binds it.
 */
export function planDeployment(parameters: { config: DeployConfig; bytecodes: Record<ContractName, Hex> }): {
  steps: DeployStep[];
  addresses: Addresses;
} {
  const { config, bytecodes } = parameters;
  const steps: DeployStep[] = [];
  const add = (name: ContractName, inputs: readonly Input[]): Address => {
    const initCode = withArguments(bytecodes[name], inputs);
    const address = getCreate2Address({ from: create2Proxy, salt, bytecode: initCode });
    steps.push({ name, address, data: concatHex([salt, initCode]) });
    return address;
  };
  const tokens = planTokens(config, add);
  const directory = add('Directory', [['address', config.deployer]]);
  const governance = planGovernance(config, add, directory, tokens.governanceOpen);
  const known = { openToken: tokens.openToken, directory, ...governance };
  const addresses = {
    ...tokens,
    directory,
    ...governance,
    ...planStaking(config, add, known),
    ...planRegistries(config, add, known),
    ...planPayments(config, add, known),
  };
  return { steps, addresses: { ...addresses, ...planBounties(add, addresses), ...planZap(add, addresses) } };
}

type Add = (name: ContractName, inputs: readonly Input[]) => Address;

function planTokens(config: DeployConfig, add: Add) {
  const wrapped = config.nativeOpen ? { wrappedOpen: config.openToken ?? add('WrappedOpen', []) } : {};
  const openToken = config.openToken ?? wrapped.wrappedOpen ?? add('OpenToken', [['address', config.deployer]]);
  const isOurs = !config.openToken && !config.nativeOpen;
  const faucet = isOurs ? add('Faucet', [['address', openToken]]) : config.faucet;
  const governanceOpen = config.governanceOpen ?? add('GovernanceOpen', [['address', openToken]]);
  return { openToken, ...(faucet && { faucet }), ...wrapped, governanceOpen };
}

/** The Governor's constructor creates both timelocks, so their addresses follow from its own. */
function planGovernance(config: DeployConfig, add: Add, directory: Address, votes: Address) {
  const { governance } = config;
  const guardian = add('Guardian', [
    ['address', directory],
    ['address', config.guardianHolder],
  ]);
  const openGovernor = add('OpenGovernor', [
    ['address', votes],
    ['address', directory],
    ['address', guardian],
    ['address', governance.extraProposer ?? zeroAddress],
    ['uint48', governance.votingDelaySeconds],
    ['uint32', governance.votingPeriodSeconds],
    ['uint48', governance.lateExtensionSeconds],
    ['uint256', governance.thresholdWei],
    ['uint256', governance.quorumFloorWei],
    ['uint256', BigInt(governance.slowDelaySeconds)],
    ['uint256', BigInt(governance.fastDelaySeconds)],
  ]);
  const timelockSlow = getContractAddress({ from: openGovernor, nonce: 1n });
  const timelockFast = getContractAddress({ from: openGovernor, nonce: 2n });
  const params = add('Params', [
    ['address', timelockFast],
    ['uint256', BigInt(config.timeScale)],
  ]);
  return { guardian, openGovernor, timelockSlow, timelockFast, params };
}

/** What later contracts are told about those before them. */
type Known = Pick<Addresses, 'openToken' | 'directory' | 'guardian' | 'timelockSlow' | 'params'>;

function planStaking(config: DeployConfig, add: Add, known: Known) {
  const shared: Input[] = [
    ['address', known.openToken],
    ['address', known.directory],
    ['address', known.params],
  ];
  const stakePools = add('StakePools', [...shared, ['address', known.guardian]]);
  const withPools: Input[] = [...shared, ['address', stakePools]];
  const poolVaults = add('PoolVaults', [
    ['address', known.openToken],
    ['address', known.params],
    ['address', stakePools],
  ]);
  const validatorSet = add('ValidatorSet', withPools);
  const disputeCourt = add('DisputeCourt', [...withPools, ['address', validatorSet]]);
  const { r0Wei, startSeconds } = config.emission;
  if (startSeconds === undefined) return { stakePools, poolVaults, validatorSet, disputeCourt };
  const terms: Input[] = [
    ['uint96', r0Wei],
    ['uint256', BigInt(startSeconds)],
  ];
  return {
    stakePools,
    poolVaults,
    validatorSet,
    disputeCourt,
    emissionController: add('EmissionController', [...withPools, ...terms]),
  };
}

function planRegistries(config: DeployConfig, add: Add, known: Known) {
  const datanetRegistry = add('DatanetRegistry', [
    ['address', known.directory],
    ['address', zeroAddress], // no registry before this one
  ]);
  const modelRegistry = add('ModelRegistry', [
    ['uint256', BigInt(config.protocolFeeBps)],
    ['uint256', BigInt(config.splitDelaySeconds)],
  ]);
  const identityRegistry = add('IdentityRegistry', [['address', known.directory]]);
  return { datanetRegistry, modelRegistry, identityRegistry };
}

function planPayments(config: DeployConfig, add: Add, known: Known) {
  const treasury = config.treasury ?? known.timelockSlow;
  const inferenceChannels = add('InferenceChannels', [
    ['address', known.openToken],
    ['address', known.guardian],
    ['address', known.directory],
  ]);
  const attributionLedger = add('AttributionLedger', ledgerInputs(config, known, treasury));
  const revenueRouter = add('RevenueRouter', [
    ['address', inferenceChannels],
    ['address', attributionLedger],
    ['address', treasury],
    ['address', config.admin],
    ['address', config.operator],
    ['bytes32', config.gatewayId],
    ['address', known.params],
  ]);
  const serviceVaults = add('ServiceVaults', [
    ['address', inferenceChannels],
    ['address', known.params],
    ['address', treasury],
  ]);
  return { inferenceChannels, attributionLedger, revenueRouter, serviceVaults };
}

function planBounties(add: Add, known: Omit<Addresses, 'nativeZap' | 'bounties'>) {
  const { openToken, guardian, directory, params, datanetRegistry, modelRegistry, attributionLedger } = known;
  const parts = [openToken, guardian, directory, params, datanetRegistry, modelRegistry, attributionLedger];
  return {
    bounties: add(
      'Bounties',
      parts.map((address): Input => ['address', address]),
    ),
  };
}

/** Only where the coin is OPEN. */
function planZap(add: Add, known: Omit<Addresses, 'nativeZap' | 'bounties'>) {
  if (!known.wrappedOpen) return {};
  const { wrappedOpen, inferenceChannels, stakePools, attributionLedger, governanceOpen } = known;
  const parts = [wrappedOpen, inferenceChannels, stakePools, attributionLedger, governanceOpen];
  return {
    nativeZap: add(
      'NativeZap',
      parts.map((address): Input => ['address', address]),
    ),
  };
}

type Input = readonly [type: string, value: unknown];

/** AttributionLedger.Config is a struct of static types, whose encoding equals that of its members in order. */
function ledgerInputs(config: DeployConfig, known: Known, treasury: Address): Input[] {
  return [
    ['address', known.openToken],
    ['uint40', config.windowSeconds],
    ['uint40', config.disputeTimeoutSeconds],
    ['uint96', config.publisherBondWei],
    ['uint96', config.challengeBondWei],
    ['uint40', config.recipientDelaySeconds],
    ['uint40', config.rotationDelaySeconds],
    ['address', known.guardian],
    ['address', treasury],
    ['address', known.directory],
    ['address', config.uptimeFeed ?? zeroAddress],
  ];
}

function withArguments(bytecode: Hex, inputs: readonly Input[]): Hex {
  const abi = [
    {
      type: 'constructor',
      stateMutability: 'nonpayable',
      inputs: inputs.map(([type], at) => ({ type, name: `a${at}` })),
    },
  ] as unknown as Abi;
  const args = inputs.map(([, value]) => value);
  return inputs.length === 0
    ? bytecode
    : encodeDeployData({ abi, bytecode, args } as unknown as EncodeDeployDataParameters);
}
