import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadEnv, variables } from './env.ts';

const complete: Record<string, string> = {
  APP_URL: 'http://localhost:3000',
  DATABASE_URL: 'postgres://u:p@127.0.0.1:5432/d',
  RPC_URL: 'http://127.0.0.1:8545',
  DEPLOYMENT_FILE: '.data/deployment-31337.json',
  SERVE_URL: 'http://127.0.0.1:3100',
  INTERNAL_TOKEN: 'i'.repeat(32),
  SESSION_SECRET: 's'.repeat(32),
  OPERATOR_PRIVATE_KEY: variables.OPERATOR_PRIVATE_KEY.example,
};
const problemsOf = (change: Record<string, string | undefined>) => {
  try {
    loadEnv({ ...complete, ...change });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('loadEnv', () => {
  it('fills defaults and reads numbers', () => {
    expect(loadEnv({ ...complete, PORT: '4000' })).toMatchObject({ PORT: 4000, CHAIN_ID: 31_337, LOG_LEVEL: 'info' });
  });

  it('treats an empty value as not given', () => {
    expect(loadEnv({ ...complete, S3_ENDPOINT: '', PORT: ' ' })).toMatchObject({ S3_ENDPOINT: undefined, PORT: 3000 });
  });

  it('names every wrong variable, the fault and an example, in one error', () => {
    expect(problemsOf({ PORT: 'http', DATABASE_URL: 'mysql://x', APP_URL: undefined })).toMatchInlineSnapshot(`
      "3 settings are wrong (.env.example explains each):
        PORT must be a whole number from 1 to 65535, got "http". Example: PORT=3000
        APP_URL is missing. Example: APP_URL=http://localhost:3000
        DATABASE_URL must be an address that starts with postgres:// or postgresql://, got "mysql://x". Example: DATABASE_URL=postgres://openledger:password@127.0.0.1:5432/openledger"
    `);
  });

  it('refuses numbers out of range', () => {
    expect(problemsOf({ PORT: '70000' })).toContain('PORT must be a whole number from 1 to 65535');
    expect(problemsOf({ ENGINE_THREADS: '0' })).toContain('ENGINE_THREADS');
    expect(problemsOf({ CHAIN_ID: '-1' })).toContain('CHAIN_ID');
  });

  it('does not repeat a wrong secret', () => {
    const message = problemsOf({ SESSION_SECRET: 'hunter2', OPERATOR_PRIVATE_KEY: '0xdeadbeef' });
    expect(message).toContain('SESSION_SECRET must have at least 32 characters');
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain('deadbeef');
  });

  it('asks for the whole of S3 when its endpoint is given', () => {
    const message = problemsOf({ S3_ENDPOINT: 'http://127.0.0.1:9000', S3_REGION: 'eu' });
    expect(message).toContain('S3_BUCKET is missing, S3_ENDPOINT needs it');
    expect(message).not.toContain('S3_REGION is missing');
  });

  it("refuses the devnet's well-known key on any other chain", () => {
    expect(problemsOf({ CHAIN_ID: '161201' })).toContain('OPERATOR_PRIVATE_KEY is the devnet');
    expect(problemsOf({ CHAIN_ID: '161201', OPERATOR_PRIVATE_KEY: `0x${'1'.repeat(64)}` })).toBe('');
  });

  it('reads fleets, and names what is wrong with one without telling its key', () => {
    const fleet = { kind: 'vllm', urls: ['http://10.0.0.5:8000'], apiKey: 'hunter2', storePath: '/mnt' };
    const env = (value: object | string) => ({
      SERVE_FLEETS: typeof value === 'string' ? value : JSON.stringify(value),
    });
    expect(loadEnv({ ...complete, ...env({ big: fleet }) }).SERVE_FLEETS).toEqual({ big: fleet });
    expect(loadEnv(complete).SERVE_FLEETS).toEqual({});
    expect(problemsOf(env('{big'))).toContain('SERVE_FLEETS must be JSON in one line');
    expect(problemsOf(env({ big: { ...fleet, kind: 'tgi' } }))).toContain('SERVE_FLEETS kind is vllm or sglang');
    expect(problemsOf(env({ big: { ...fleet, urls: ['10.0.0.5'] } }))).toContain('each of urls is an address');
    expect(problemsOf(env({ '../big': fleet }))).toContain('SERVE_FLEETS');
    expect(problemsOf(env({ big: { ...fleet, urls: [] } }))).not.toContain('hunter2');
  });

  it('has an example that it accepts for each variable', () => {
    const examples = Object.fromEntries(Object.entries(variables).map(([name, { example }]) => [name, example]));
    expect(() => loadEnv(examples)).not.toThrow();
  });
});

describe('.env.example', () => {
  const file = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');

  it('documents each variable once, with the text and example of the schema', () => {
    for (const [name, { about, example }] of Object.entries(variables)) {
      expect(file).toContain(`# ${about}\n# ${name}=${example}\n`);
    }
    const documented = [...file.matchAll(/^# ?([A-Z0-9_]+)=/gm)].map((match) => match[1]);
    expect(documented.toSorted()).toEqual(Object.keys(variables).toSorted());
  });
});
