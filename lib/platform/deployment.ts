import { readFileSync } from 'node:fs';
import type { Address } from 'viem';
import { z } from 'zod';

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/) as unknown as z.ZodType<Address>;

function optionalAddresses<Name extends string>(names: readonly Name[]) {
  return Object.fromEntries(names.map((name) => [name, address.optional()])) as Record<
    Name,
    z.ZodOptional<typeof address>
  >;
}

const deploymentSchema = z.object({
  chainId: z.number().int(),
  startBlock: z.number().int(),
  addresses: z.object({
    openToken: address,
    faucet: address.optional(), // devnet only
    datanetRegistry: address,
    modelRegistry: address,
    inferenceChannels: address,
    revenueRouter: address,
    attributionLedger: address,
    // Absent in a deployment made before they existed, and on chains that have the tokens of their own.
    ...optionalAddresses([
      ...(['directory', 'params', 'identityRegistry', 'stakePools', 'validatorSet', 'disputeCourt'] as const),
      ...(['poolVaults', 'serviceVaults', 'bounties'] as const),
      ...(['emissionController', 'openGovernor', 'timelockSlow', 'timelockFast', 'guardian'] as const),
      ...(['wrappedOpen', 'governanceOpen', 'nativeZap'] as const),
    ]),
  }),
  config: z.object({ windowSeconds: z.number().int(), protocolFeeBps: z.number().int() }).loose(),
});

/** Where our contracts are on the configured chain, and the parameters that they were deployed with. */
export type Deployment = z.infer<typeof deploymentSchema>;

/** Reads the file that `npm run deploy` wrote. Throws with the path when it is missing or wrong. */
export function readDeployment(path: string): Deployment {
  try {
    return deploymentSchema.parse(JSON.parse(readFileSync(/*turbopackIgnore: true*/ path, 'utf8')));
  } catch (cause) {
    throw new Error(`DEPLOYMENT_FILE ${path} is not a deployment: run the contracts' deployment first`, { cause });
  }
}
