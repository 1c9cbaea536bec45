import { parseArgs } from 'node:util';

export type VerifyOptions = {
  /** Receipt ids, receipt files, or folders with a receipt and its files beside it. */
  targets: string[];
  server: string | null;
  gateway: string | null;
  rpc: string | null;
  deployment: string | null;
  /** Files that replace what is beside the receipt or on the server. */
  files: {
    index: string | null;
    codes: string | null;
    answer: string | null;
    rows: string | null;
    certificate: string | null;
  };
  period: string | null;
  adapter: string | null;
  models: string;
  threads: number;
  save: string | null;
  challenge: boolean;
  apiKey: string | null;
  json: boolean;
};

export const usage = `npm run verify -- <receipt id | receipt.json | folder> ... [options]

Recomputes receipts step by step and names the first step that differs (exit 1).

  --server URL       where the receipt and its files come from (default: the OpenLedger that runs here)
  --gateway 0x…      whose signature counts (default: the deployment's operator)
  --rpc URL --deployment FILE   the chain that has the roots (default: as the OpenLedger that runs here)
  --index FILE  --codes FILE  --rows FILE  --certificate FILE  --period FILE   instead of downloading
  --answer FILE      your own record of the answer: GET /api/v1/receipts/<id>/answer
  --adapter DIR      the adapter (PEFT), and --models DIR the base models: then the gradient is computed, too
  --threads N        receipts that are computed side by side (default 1; each gradient is one thread's work)
  --save DIR         keep what was downloaded: a folder that can be verified later, without the server
  --challenge        when a step differs, ask the gateway to compute the receipt again and freeze it
  --api-key KEY      of the payer, for --answer's download and for --challenge (default: OPENLEDGER_API_KEY)
  --json             one JSON line a receipt`;

/** Reads the command line. Throws with a text for people. */
export function parseOptions(args: readonly string[]): VerifyOptions {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{
        server: text,
        gateway: text,
        rpc: text,
        deployment: text,
        index: text,
        codes: text,
        answer: text,
        rows: text,
      },
      ...{ certificate: text, period: text, adapter: text, save: text, 'api-key': text },
      models: { type: 'string', default: process.env.MODELS_DIR ?? 'models' },
      threads: { type: 'string', default: '1' },
      challenge: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const threads = Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1) throw new Error('--threads is a whole number from 1 on');
  if (values.gateway && !/^0x[0-9a-fA-F]{40}$/.test(values.gateway)) throw new Error('--gateway is an address, 0x…');
  const { index = null, codes = null, answer = null, rows = null, certificate = null, period = null } = values;
  return {
    targets: positionals,
    server: values.server?.replace(/\/+$/, '') ?? null,
    gateway: values.gateway?.toLowerCase() ?? null,
    ...{
      rpc: values.rpc ?? null,
      deployment: values.deployment ?? null,
      files: { index, codes, answer, rows, certificate },
    },
    ...{ period, adapter: values.adapter ?? null, models: values.models, threads, save: values.save ?? null },
    ...{ challenge: values.challenge, apiKey: values['api-key'] ?? process.env.OPENLEDGER_API_KEY ?? null },
    json: values.json,
  };
}
