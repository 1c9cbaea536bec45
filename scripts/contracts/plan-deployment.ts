import {
  type Abi,
  type Address,
  concatHex,
  type EncodeDeployDataParameters,
  encodeDeployData,
  getCreate2Address,
  type Hex,
  keccak256,
  toHex,
} from 'viem';
import { type ContractName, camelName } from './contract-names.ts';

/** Everything that differs between two deployments. Amounts in wei of OPEN, times in seconds. */
export type DeployConfig = {
  /** An OPEN that exists already (public chains). Absent: OpenToken and its Faucet are deployed. */
  openToken?: Address;
  /** Receives OpenToken's whole supply; ignored when `openToken` is given. */
  holder: Address;
  windowSeconds: number;
  disputeTimeoutSeconds: number;
  publisherBondWei: bigint;
  challengeBondWei: bigint;
  protocolFeeBps: number;
  splitDelaySeconds: number;
  court: Address;
  guardian: Address;
  treasury: Address;
  /** May choose who claims vouchers for the router. */
  admin: Address;
  /** Claims vouchers for the router from the start: the gateway's hot key. */
  operator: Address;
  gatewayId: Hex;
};

/** Addresses by the name that the application uses; `faucet` is absent where OPEN existed before. */
export type Addresses = {
  openToken: Address;
  faucet?: Address;
  datanetRegistry: Address;
  modelRegistry: Address;
  inferenceChannels: Address;
  attributionLedger: Address;
  revenueRouter: Address;
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
  const openToken = config.openToken ?? add('OpenToken', [['address', config.holder]]);
  const faucet = config.openToken ? {} : { [camelName('Faucet')]: add('Faucet', [['address', openToken]]) };
  const datanetRegistry = add('DatanetRegistry', []);
  const modelRegistry = add('ModelRegistry', [
    ['uint256', BigInt(config.protocolFeeBps)],
    ['uint256', BigInt(config.splitDelaySeconds)],
  ]);
  const inferenceChannels = add('InferenceChannels', [['address', openToken]]);
  const attributionLedger = add('AttributionLedger', ledgerInputs(config, openToken));
  const revenueRouter = add('RevenueRouter', [
    ['address', inferenceChannels],
    ['address', attributionLedger],
    ['address', config.treasury],
    ['address', config.admin],
    ['address', config.operator],
    ['bytes32', config.gatewayId],
    ['uint256', BigInt(config.protocolFeeBps)],
  ]);
  const addresses = { openToken, ...faucet, datanetRegistry, modelRegistry, inferenceChannels, attributionLedger };
  return { steps, addresses: { ...addresses, revenueRouter } };
}

type Input = readonly [type: string, value: unknown];

/** AttributionLedger.Config is a struct of static types, whose encoding equals that of its members in order. */
function ledgerInputs(config: DeployConfig, openToken: Address): Input[] {
  return [
    ['address', openToken],
    ['uint40', config.windowSeconds],
    ['uint40', config.disputeTimeoutSeconds],
    ['uint96', config.publisherBondWei],
    ['uint96', config.challengeBondWei],
    ['address', config.court],
    ['address', config.guardian],
    ['address', config.treasury],
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
