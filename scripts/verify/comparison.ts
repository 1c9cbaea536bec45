import type { PublicClient } from 'viem';
import type { Deployment } from '#lib/platform/deployment.ts';

/** What a file says of something, and what was found. */
export type Comparison = { what: string; file: string; found: string };
/** Where it is found. */
export type ChainPlace = { chain: PublicClient; deployment: Deployment };
