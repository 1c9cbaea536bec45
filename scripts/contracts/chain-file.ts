import { readFileSync } from 'node:fs';
import { type Address, isAddress } from 'viem';
import { z } from 'zod';

const address = z.custom<Address>((value) => typeof value === 'string' && isAddress(value), 'not an address');

const chainFileSchema = z.strictObject({
  id: z.number().int().positive(),
  name: z.string(),
  /** Null where no address is published: `--rpc` names it. */
  rpc: z.url().nullable(),
  explorer: z.url().nullable(),
  /** The chain's coin is OPEN, so that its token is WOPEN. */
  nativeOpen: z.boolean(),
  /** Tokens that exist already; without an entry the deployment creates ours. `open` is WOPEN where the coin is OPEN. */
  tokens: z.strictObject({ open: address.optional(), governanceOpen: address.optional() }),
});

/** What is known about a chain before we deploy to it: chains/<name>.json. */
export type ChainFile = z.infer<typeof chainFileSchema>;

export const chainNames = ['devnet', 'openledger-testnet', 'openledger'] as const;

/** Reads chains/<name>.json. Throws for a name that is not in `chainNames`, and when the file is wrong. */
export function readChainFile(name: string): ChainFile {
  if (!(chainNames as readonly string[]).includes(name)) {
    throw new Error(`--chain ${name} is unknown: one of ${chainNames.join(', ')}`);
  }
  return chainFileSchema.parse(JSON.parse(readFileSync(new URL(`./chains/${name}.json`, import.meta.url), 'utf8')));
}
