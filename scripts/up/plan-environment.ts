import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { toHex } from 'viem';
import { devnetChainId, type Env, EnvError, loadEnv, variables } from '../../lib/platform/env.ts';
import { devnetAccount, devnetRoles } from '../contracts/devnet-config.ts';
import type { StartOptions } from './options.ts';
import { rememberedPort } from './ports.ts';
import { postgresUrl } from './postgres.ts';
import type { Secrets } from './secrets.ts';
import { StartError } from './start-error.ts';

export type Plan = {
  env: Env;
  /** The same as text, for the processes that we start. */
  childEnv: Record<string, string>;
  /** Ports of the parts that we start ourselves; undefined where an address was given. */
  databasePort: number | undefined;
  chainPort: number | undefined;
};

/**
 * Decides every setting: the shell's, else those of `.env`, else what the embedded parts need. Ports of embedded parts
 * are those of the last start where they are free.
 *
 * @throws {StartError} naming each variable that is wrong.
 */
export async function planEnvironment(root: string, options: StartOptions, secrets: Secrets): Promise<Plan> {
  const dataDir = resolve(root, options.dataDir);
  const given = readGiven(root);
  const port = options.port ?? given.PORT ?? '3000';
  const databasePort = given.DATABASE_URL ? undefined : await rememberedPort(dataDir, 'database', 54_329);
  const chainPort = given.RPC_URL ? undefined : await rememberedPort(dataDir, 'chain', 8545);
  const servePort = given.SERVE_PORT ?? (await rememberedPort(dataDir, 'serve', 3100));
  const chainId = given.CHAIN_ID ?? String(devnetChainId);
  if (chainPort !== undefined && chainId !== String(devnetChainId)) {
    throw new StartError(
      `CHAIN_ID is ${chainId}, the embedded devnet is ${devnetChainId}: that chain needs its RPC_URL. Example: RPC_URL=https://rpc.example.org`,
    );
  }
  const source: Record<string, string | undefined> = {
    // With a wrong PORT one message is enough.
    APP_URL: `http://localhost:${URL.canParse(`http://localhost:${port}`) ? port : 3000}`,
    DATABASE_URL: postgresUrl({ port: databasePort ?? 0, password: secrets.databasePassword }, 'openledger'),
    RPC_URL: `http://127.0.0.1:${chainPort ?? 0}`,
    DEPLOYMENT_FILE: join(dataDir, `deployment-${chainId}.json`),
    OBJECT_STORE_DIR: join(dataDir, 'objects'),
    SERVE_URL: `http://127.0.0.1:${servePort}`,
    INTERNAL_TOKEN: secrets.internalToken,
    SESSION_SECRET: secrets.sessionSecret,
    OPERATOR_PRIVATE_KEY: chainId === String(devnetChainId) ? devnetOperatorKey() : undefined,
    ENGINE_THREADS: String(Math.min(4, availableParallelism())),
    ...given,
    CHAIN_ID: chainId,
    PORT: String(port),
    SERVE_PORT: String(servePort),
    NODE_ENV: options.dev ? 'development' : 'production',
  };
  return { env: readEnv(source), childEnv: withoutEmpty(source), databasePort, chainPort };
}

/** What the person has set: variables of the shell win over the file. Only our own names; empty means not given. */
function readGiven(root: string): Record<string, string> {
  const file = join(root, '.env');
  const fromFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const both = { ...withoutEmpty(fromFile), ...withoutEmpty(process.env) };
  return Object.fromEntries(Object.keys(variables).flatMap((name) => (both[name] ? [[name, both[name]]] : [])));
}

function withoutEmpty(source: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(source).flatMap(([name, value]) => (value?.trim() ? [[name, value]] : [])));
}

function readEnv(source: Record<string, string | undefined>): Env {
  try {
    return loadEnv(source);
  } catch (error) {
    throw error instanceof EnvError ? new StartError(error.message) : error;
  }
}

/** On the devnet the operator is a numbered account, which `fundDevnet` gives its bond and gas. */
function devnetOperatorKey(): string {
  return toHex(devnetAccount(devnetRoles.operator).getHdKey().privateKey!);
}
