import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseOptions } from './options.ts';
import { planEnvironment } from './plan-environment.ts';
import { loadSecrets } from './secrets.ts';

let root: string;
const plan = (...args: string[]) => planEnvironment(root, parseOptions(args), loadSecrets(join(root, '.data')));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'openledger-plan-'));
  // The shell that runs the tests must not decide.
  for (const name of ['PORT', 'DATABASE_URL', 'RPC_URL', 'CHAIN_ID', 'SESSION_SECRET', 'SERVE_PORT'])
    vi.stubEnv(name, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

describe('planEnvironment', () => {
  it('needs nothing: every setting has a value, the same at the next start', async () => {
    const first = await plan('--port', '4321');
    expect(first.env).toMatchObject({
      PORT: 4321,
      APP_URL: 'http://localhost:4321',
      CHAIN_ID: 31_337,
      NODE_ENV: 'production',
    });
    expect(first.env.DATABASE_URL).toContain(`:${first.databasePort}/openledger`);
    expect((await plan('--port', '4321')).env).toEqual(first.env);
  });

  it('does not start what is given', async () => {
    writeFileSync(join(root, '.env'), 'DATABASE_URL=postgres://u:p@db/x\nRPC_URL=http://chain:8545\n');
    const { databasePort, chainPort, env } = await plan();
    expect([databasePort, chainPort, env.DATABASE_URL]).toEqual([undefined, undefined, 'postgres://u:p@db/x']);
  });

  it('prefers the shell to the file, and --port to both', async () => {
    writeFileSync(join(root, '.env'), 'PORT=1111\nLOG_LEVEL=debug\n');
    vi.stubEnv('PORT', '2222');
    expect((await plan()).env).toMatchObject({ PORT: 2222, LOG_LEVEL: 'debug' });
    expect((await plan('--port', '3333')).env.PORT).toBe(3333);
  });

  it('stops with the name of a bad value', async () => {
    writeFileSync(join(root, '.env'), 'PORT=abc\nDATABASE_URL=mysql://x\n');
    await expect(plan()).rejects.toThrow(/PORT must be a whole number.*DATABASE_URL must be an address/s);
  });

  it('asks for the RPC of a chain that is not the devnet', async () => {
    vi.stubEnv('CHAIN_ID', '161201');
    await expect(plan()).rejects.toThrow('CHAIN_ID is 161201, the embedded devnet is 31337');
  });
});

describe('parseOptions', () => {
  it('refuses what it does not know, with the list of what it does', () => {
    expect(() => parseOptions(['--prot', '1'])).toThrow('--port N');
    expect(() => parseOptions(['--port', 'x'])).toThrow('--port must be a number from 1 to 65535, got "x"');
  });
});
