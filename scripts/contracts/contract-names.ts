/** The contracts whose ABIs and creation bytecode are generated into contracts-abi/. */
export const contractNames = [
  'OpenToken',
  'Faucet',
  'WrappedOpen',
  'GovernanceOpen',
  'Directory',
  'Guardian',
  'OpenGovernor',
  'OpenTimelock',
  'Params',
  'StakePools',
  'PoolVaults',
  'ValidatorSet',
  'DisputeCourt',
  'EmissionController',
  'NativeZap',
  'DatanetRegistry',
  'ModelRegistry',
  'IdentityRegistry',
  'InferenceChannels',
  'AttributionLedger',
  'RevenueRouter',
  'ServiceVault',
  'ServiceVaults',
  'Bounties',
] as const;

export type ContractName = (typeof contractNames)[number];

/** `OpenToken` → `openToken`: the constant's and the address's name. */
export function camelName<N extends ContractName>(name: N): Uncapitalize<N> {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}` as Uncapitalize<N>;
}

/** `OpenToken` → `open-token`: the file's name. */
export function kebabName(name: ContractName): string {
  return name.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`);
}
