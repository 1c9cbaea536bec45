import { z } from 'zod';
import { BaseError } from '#lib/kernel/base-error.ts';
import { type ServeFleet, serveFleetsSchema } from './serve-fleets.ts';

/** One setting: how it is read, what it does, and a value that works. `.env.example` is checked against this table. */
type Variable<T> = { schema: z.ZodType<T>; about: string; example: string; secret?: true };

const variable = <T>(schema: z.ZodType<T>, about: string, example: string): Variable<T> => ({ schema, about, example });
const secret = <T>(schema: z.ZodType<T>, about: string, example: string): Variable<T> => ({
  schema,
  about,
  example,
  secret: true,
});

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

const url = (...protocols: string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  });

const text = z.string().min(1);
const longSecret = z.string().min(32, 'must have at least 32 characters');
const privateKey = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'must be 0x and 64 hexadecimal digits')
  .transform((value) => value.toLowerCase() as `0x${string}`);

/** Every setting of the system. An empty value counts as not given. */
export const variables = {
  NODE_ENV: variable(
    z.enum(['development', 'test', 'production']).default('development'),
    'How the processes run; the launcher sets it.',
    'production',
  ),
  PORT: variable(integer(1, 65_535).default(3000), 'Port of the web server.', '3000'),
  APP_URL: variable(
    url('http:', 'https:'),
    'Where people reach the site; sign-in is bound to it.',
    'http://localhost:3000',
  ),
  DATABASE_URL: variable(
    url('postgres:', 'postgresql:'),
    'PostgreSQL. When given, the embedded one is not started.',
    'postgres://openledger:password@127.0.0.1:5432/openledger',
  ),
  RPC_URL: variable(
    url('http:', 'https:'),
    'JSON-RPC of the chain. When given, the embedded devnet is not started.',
    'http://127.0.0.1:8545',
  ),
  RPC_URL_SECOND: variable(
    url('http:', 'https:').optional(),
    'A second JSON-RPC of the same chain: asked when the first fails, and compared with it each minute.',
    'https://rpc.example.org',
  ),
  CHAIN_ID: variable(
    integer(1, Number.MAX_SAFE_INTEGER).default(31_337),
    'Chain id; 31337 is the devnet, 161201 the testnet, 1612 the mainnet.',
    '31337',
  ),
  DEPLOYMENT_FILE: variable(
    text,
    'Contract addresses on that chain; the launcher writes it on the devnet.',
    '.data/deployment-31337.json',
  ),
  OBJECT_STORE_DIR: variable(
    text.default('.data/objects'),
    'Folder for stored files when no S3 is given.',
    '.data/objects',
  ),
  S3_ENDPOINT: variable(
    url('http:', 'https:').optional(),
    'S3-compatible object store. When given, it replaces OBJECT_STORE_DIR and the four below are needed.',
    'https://s3.eu-central-1.amazonaws.com',
  ),
  S3_REGION: variable(text.optional(), 'Region of the bucket.', 'eu-central-1'),
  S3_BUCKET: variable(text.optional(), 'Name of the bucket.', 'openledger'),
  S3_ACCESS_KEY_ID: secret(text.optional(), 'Key id for the bucket.', 'AKIAEXAMPLE'),
  S3_SECRET_ACCESS_KEY: secret(text.optional(), 'Key for the bucket.', 'a-long-random-value'),
  MODELS_DIR: variable(text.default('models'), 'Folder with base models in Hugging Face layout.', 'models'),
  SERVE_URL: variable(
    url('http:', 'https:'),
    'Where the web server reaches the serve process.',
    'http://127.0.0.1:3100',
  ),
  SERVE_PORT: variable(integer(1, 65_535).default(3100), 'Port of the serve process.', '3100'),
  SERVE_FLEETS: secret<Record<string, ServeFleet>>(
    serveFleetsSchema.default({}),
    'Base models that GPU servers serve, as JSON in one line; docs/fleet.md.',
    '{"llama-3.1-8b":{"kind":"vllm","urls":["http://10.0.0.5:8000"],"storePath":"/mnt/objects"}}',
  ),
  SERVE_DRAIN_SECONDS: variable(
    integer(0, 600).default(5),
    'How long the serve process lets running answers end when it is stopped; the launcher kills after 8.',
    '5',
  ),
  ADAPTER_DISK_MB: variable(
    integer(1, 100_000_000).default(10_000),
    'Disk for adapters fetched from the object store, MB in each process.',
    '10000',
  ),
  METRICS_TOKEN: secret(
    longSecret.optional(),
    'Bearer token of GET /api/v1/metrics. When not given, it answers only requests from this machine itself.',
    'a-random-value-of-32-characters-or-more',
  ),
  INTERNAL_TOKEN: secret(
    longSecret,
    'Secret between web and serve, 32 characters or more; the launcher makes one.',
    'a-random-value-of-32-characters-or-more',
  ),
  SESSION_SECRET: secret(
    longSecret,
    'Secret for sessions, 32 characters or more; the launcher makes one.',
    'a-random-value-of-32-characters-or-more',
  ),
  OPERATOR_PRIVATE_KEY: secret(
    privateKey,
    'Key of the gateway and publisher. On the devnet: well-known account 10, worthless elsewhere.',
    '0xf214f2b2cd398c806f84e317254e0f0b801d0643303237d97a22a48e01628897',
  ),
  WATCH_TOWER_PRIVATE_KEY: secret(
    privateKey.optional(),
    'A key of its own, with some currency for gas, that brings vouchers to the chain by what the operator signs. Without it the operator sends them.',
    '0x1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f',
  ),
  WALLETCONNECT_PROJECT_ID: variable(
    text.optional(),
    'Enables WalletConnect in the wallet list (dashboard.reown.com).',
    '00000000000000000000000000000000',
  ),
  REWARD_PERIOD_SECONDS: variable(integer(10, 31_536_000).default(300), 'Length of a reward period.', '300'),
  CHALLENGE_WINDOW_SECONDS: variable(
    integer(24, 604_800).default(60), // the bounds of AttributionLedger's constructor
    'How long a posted reward root can be challenged, 24 s to 7 days; fixed when the contracts are deployed.',
    '60',
  ),
  DEVNET_DAY_SECONDS: variable(
    integer(24, 86_400).default(60), // below 24 an hour of the protocol would round to nothing
    'Seconds of the devnet that stand for a day of the protocol (unbonding, epochs, juries); fixed when the contracts are deployed.',
    '60',
  ),
  ENGINE_THREADS: variable(integer(1, 256).default(2), 'Threads of training and inference.', '2'),
  AUDIT_CPU_SECONDS: variable(
    integer(0, 10_000_000).default(300),
    'CPU time that one certification or audit of a model may take, in seconds; 0 measures none, and all models pay flat.',
    '300',
  ),
  AUDIT_CPU_SECONDS_PER_DAY: variable(
    integer(0, 10_000_000).default(7_200),
    'CPU time of all certifications and audits in 24 hours, in seconds; what comes above it waits.',
    '7200',
  ),
  LOG_LEVEL: variable(
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    'Least severe line that is logged.',
    'info',
  ),
  TRAINING_WEI_PER_1000_TOKENS: variable(
    z
      .string()
      .regex(/^\d{1,24}$/, 'must be an amount in wei, digits alone')
      .default('1000000000000000')
      .transform((digits) => BigInt(digits)),
    'Price of 1,000 trained tokens in wei (1 OPEN is 10^18 wei); 0 trains for nothing.',
    '1000000000000000',
  ),
  FREE_TRAINING_TOKENS_PER_DAY: variable(
    integer(0, 1_000_000_000_000).default(1_000_000),
    'Trained tokens of an account and day (UTC) that cost nothing.',
    '1000000',
  ),
  FREE_ANSWERS_PER_DAY: variable(integer(0, 1_000_000).default(5), 'Unpaid answers per visitor and day.', '5'),
  TRUSTED_PROXY_HOPS: variable(
    integer(0, 10).default(0),
    'Reverse proxies in front of the web server; as many x-forwarded-for entries are believed. 0: the socket decides.',
    '0',
  ),
} satisfies Record<string, Variable<unknown>>;

export type Env = { [Name in keyof typeof variables]: z.infer<(typeof variables)[Name]['schema']> };

/** Settings are missing or wrong; the message has one line for each, with its name, the fault and an example. */
export class EnvError extends BaseError {
  readonly code = 'env_invalid';
  readonly category = 'internal';
  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'A setting is' : `${problems.length} settings are`;
    super([`${count} wrong (.env.example explains each):`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

/** Chain id of the devnet, on which keys known to everybody are acceptable. */
export const devnetChainId = 31_337;

/**
 * Reads the settings from `source` (usually `process.env`).
 *
 * @throws {EnvError} naming every variable that is missing or wrong.
 */
export function loadEnv(source: Record<string, string | undefined>): Env {
  const env: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, { schema, example, secret }] of Object.entries<Variable<unknown>>(variables)) {
    const given = source[name]?.trim() || undefined;
    const result = schema.safeParse(given);
    if (result.success) env[name] = result.data;
    else problems.push(`${name} ${faultOf(given, result.error, secret)}. Example: ${name}=${example}`);
  }
  if (problems.length === 0) problems.push(...contradictions(env as Env));
  if (problems.length > 0) throw new EnvError(problems);
  return env as Env;
}

function faultOf(given: string | undefined, error: z.ZodError, isSecret: true | undefined): string {
  if (given === undefined) return 'is missing';
  const shown = isSecret ? '' : `, got ${JSON.stringify(given)}`;
  return `${error.issues[0]?.message ?? 'is wrong'}${shown}`;
}

/** Rules over more than one variable. */
function contradictions(env: Env): string[] {
  const problems: string[] = [];
  if (env.S3_ENDPOINT) {
    for (const name of ['S3_REGION', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const) {
      if (!env[name])
        problems.push(`${name} is missing, S3_ENDPOINT needs it. Example: ${name}=${variables[name].example}`);
    }
  }
  if (env.CHAIN_ID !== devnetChainId && env.OPERATOR_PRIVATE_KEY === variables.OPERATOR_PRIVATE_KEY.example) {
    problems.push(
      `OPERATOR_PRIVATE_KEY is the devnet's well-known key, and CHAIN_ID is ${env.CHAIN_ID}: anybody could take its funds. Example: OPERATOR_PRIVATE_KEY=0x<64 hexadecimal digits of your own key>`,
    );
  }
  return problems;
}
