#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
/** The command line of OpenLedger: push, train, chat, task, verify. `node lib/client/datanet.ts` prints how. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ApiError } from './api-error.ts';
import { OpenLedger } from './open-ledger.ts';
import type { Job } from './types.ts';

const usage = `datanet <command>

  push <file> --datanet <slug>       sends rows (.csv, .tsv, .jsonl) into a Datanet; a broken upload goes on when run again
  train <file.jsonl> --base <name>   trains on OpenAI's chat lines and waits for the model; --suffix NAME, --epochs N, --seed N
  chat <model> <question>            asks and streams the answer, then tells what it cost and its receipt; --shares tells who earns
  task <id>                          what an app does for somebody, and its price; --accept WEI agrees to it, if it is not above
  verify <receipt> ...               recomputes a receipt, step by step; all options of npm run verify

  --server URL     (default: OPENLEDGER_URL)
  --api-key KEY    (default: OPENLEDGER_API_KEY)`;

const text = { type: 'string' } as const;
type Values = Record<string, string | boolean | undefined>;

const commands: Record<string, (ledger: OpenLedger, args: string[], values: Values) => Promise<number>> = {
  push,
  train,
  chat,
  task,
};

async function main(argv: string[]): Promise<number> {
  const [command = '', ...rest] = argv;
  if (command === 'verify') return verify(rest);
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!run) throw new Error(usage);
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      ...{ server: text, 'api-key': text, datanet: text, base: text, suffix: text, epochs: text, seed: text },
      ...{ shares: { type: 'boolean' }, accept: text },
    },
  });
  const url = values.server ?? process.env.OPENLEDGER_URL;
  if (!url) throw new Error('Say where OpenLedger runs: --server or OPENLEDGER_URL.');
  const ledger = new OpenLedger({ url, apiKey: values['api-key'] ?? process.env.OPENLEDGER_API_KEY });
  return run(ledger, positionals, values);
}

async function push(ledger: OpenLedger, [path]: string[], { datanet }: Values): Promise<number> {
  if (!path || typeof datanet !== 'string') throw new Error(usage);
  const bytes = readFileSync(path);
  const idempotencyKey = `push:${createHash('sha256').update(bytes).digest('hex')}`;
  let upload = await ledger.push(datanet, { name: basename(path), bytes, idempotencyKey });
  while (['receiving', 'reading'].includes(upload.status)) {
    await pause(1_000);
    upload = await ledger.upload(upload.id);
  }
  const { new: fresh, duplicate, held, invalid } = upload.rows;
  console.log(`${fresh} new, ${duplicate} known, ${held} held, ${invalid} invalid (${upload.status})`);
  for (const { line, fix } of upload.faults.slice(0, 10)) console.log(`  line ${line}: ${fix}`);
  if (upload.failure) console.error(upload.failure);
  return upload.failure ? 1 : 0;
}

async function train(ledger: OpenLedger, [path]: string[], values: Values): Promise<number> {
  if (!path || typeof values.base !== 'string') throw new Error(usage);
  const file = await ledger.uploadTrainingFile(readFileSync(path), basename(path));
  console.log(`${file.openledger.rows} rows sent as ${file.id}`);
  let job = await ledger.train({
    ...{ model: values.base, training_file: file.id },
    ...(typeof values.suffix === 'string' && { suffix: values.suffix }),
    ...(values.seed !== undefined && { seed: Number(values.seed) }),
    ...(values.epochs !== undefined && { hyperparameters: { n_epochs: Number(values.epochs) } }),
  });
  console.log(`${job.id}: ${job.openledger.run}`);
  const told = new Set<string>();
  while (job.status === 'queued' || job.status === 'running' || (job.status === 'succeeded' && !job.fine_tuned_model)) {
    await pause(2_000);
    job = await ledger.job(job.id);
    await tellNews(ledger, job, told);
  }
  if (job.status !== 'succeeded') throw new Error(`${job.status}${job.error ? `: ${job.error.message}` : ''}`);
  console.log(`trained: ${job.fine_tuned_model}`);
  return 0;
}

async function tellNews(ledger: OpenLedger, job: Job, told: Set<string>): Promise<void> {
  const events = (await ledger.jobEvents(job.id, 50)).filter(({ id }) => !told.has(id)).reverse();
  for (const { id, message, type, data } of events) {
    told.add(id);
    if (type === 'message' || 'valid_loss' in data) console.log(`  ${message}`);
  }
}

async function chat(ledger: OpenLedger, [model, ...words]: string[], { shares }: Values): Promise<number> {
  if (!model || words.length === 0) throw new Error(usage);
  const messages = [{ role: 'user' as const, content: words.join(' ') }];
  const parts = ledger.stream({ model, messages, ...(shares && { attribution: 'shares' as const }) });
  for (;;) {
    const { value, done } = await parts.next();
    if (!done) {
      process.stdout.write(value);
      continue;
    }
    const { record, promptTokens, completionTokens } = value;
    console.log(
      `\n\n${promptTokens} + ${completionTokens} tokens, ${record.fee_wei ?? '0'} wei, receipt ${record.receipt_id}`,
    );
    for (const { account, share_ppm } of record.attribution?.shares ?? [])
      console.log(`  ${account}  ${(share_ppm / 10_000).toFixed(4)} %`);
    if (record.attribution?.common_ppm !== undefined)
      console.log(`  common pool${' '.repeat(33)}${(record.attribution.common_ppm / 10_000).toFixed(4)} %`);
    return 0;
  }
}

async function task(ledger: OpenLedger, [id]: string[], { accept }: Values): Promise<number> {
  if (!id) throw new Error(usage);
  if (typeof accept === 'string') {
    const { held_wei } = await ledger.acceptTask(id, accept);
    console.log(`agreed: ${held_wei} wei are held until the task is closed`);
  }
  const { task: opening, status, calls, receipt } = await ledger.task(id);
  console.log(`${opening.name} (${opening.app}): ${status}, price ${opening.priceWei} wei`);
  for (const call of receipt?.body.calls ?? [...calls.answers, ...calls.tasks])
    console.log(`  ${call.kind} ${call.id}  ${call.feeWei} wei`);
  if (receipt) console.log(`charged ${receipt.body.feeWei} wei, its calls cost ${receipt.body.costWei} wei`);
  return 0;
}

/** Recomputation needs the repository's engine and hashes: `npm run verify` is the one program that does it. */
function verify(args: string[]): number {
  const root = join(import.meta.dirname, '../..');
  const program = join(root, 'scripts/verify.ts');
  if (!existsSync(program)) throw new Error('Receipts are recomputed by the whole repository; run this inside it.');
  const hasServer = args.includes('--server') || !process.env.OPENLEDGER_URL;
  const where = hasServer ? [] : ['--server', process.env.OPENLEDGER_URL!];
  return spawnSync(process.execPath, [program, ...args, ...where], { cwd: root, stdio: 'inherit' }).status ?? 2;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const code = error instanceof ApiError ? ` (${error.code})` : '';
  console.error(`${(error as Error).message}${code}`);
  process.exitCode = 2;
}
