/**
 * `npm run datanet -- import <file.jsonl|folder> --datanet <slug> --text <field> --contributors <field>`: brings an existing community
 * dataset into a Datanet, under its authors' names.
 */
import { parseArgs } from 'node:util';
import { findSetting } from './audit/read-settings.ts';
import { type ImportReport, importDataset } from './datanet/import-dataset.ts';

const usage = `npm run datanet -- import <file.jsonl|file.jsonl.gz|folder> --datanet <slug> [options]

Brings rows with their authors into a Datanet of yours. Authors without a wallet are handles: what they earn waits for them.
A row that is there already is skipped, so that a broken import is simply run again.

  --text FIELD           the field that becomes the answer (default: text)
  --prompt PATTERN       the question, with fields in braces (default: {title})
  --contributors FIELD   the field that names the author or authors: a list, or names with commas (default: contributors)
  --namespace NAME       where plain names are known (default: the Datanet's slug): alice becomes NAME:alice
  --accept               accept the rows at once, as the curator that you are; without it they wait for review
  --server URL           (default: the OpenLedger that runs here)
  --api-key KEY          of the Datanet's owner or a curator (default: OPENLEDGER_API_KEY)`;

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ datanet: text, text, prompt: text, contributors: text, namespace: text, server: text },
      'api-key': text,
      accept: { type: 'boolean' },
    },
  });
  const [command, path, ...more] = positionals;
  if (command !== 'import' || !path || more.length > 0 || !values.datanet) throw new Error(usage);
  const server = values.server ?? findSetting('APP_URL');
  const apiKey = values['api-key'] ?? process.env.OPENLEDGER_API_KEY;
  if (!server) throw new Error('No OpenLedger runs here: name one with --server.');
  if (!apiKey)
    throw new Error('Make an API key on the page “API keys” and give it with --api-key or OPENLEDGER_API_KEY.');
  const { datanet, text: textField = 'text', prompt = '{title}', contributors = 'contributors' } = values;
  const namespace = values.namespace ?? datanet.slice(0, 20).replace(/-+$/, '');
  const options = { path, datanet, server, apiKey, prompt, contributors, namespace, accept: values.accept ?? false };
  const so = await importDataset({ ...options, text: textField }, showProgress);
  console.log(`\n${summaryOf(so)}`);
  for (const problem of so.problems.slice(0, 20)) console.log(`  ${problem}`);
  if (so.problems.length > 20) console.log(`  … and ${so.problems.length - 20} more`);
  return 0;
}

function showProgress({ read, stored }: ImportReport): void {
  process.stdout.write(`\r  ${read} read, ${stored} stored`);
}

function summaryOf({ read, stored, accepted, duplicates, problems }: ImportReport): string {
  const waiting = stored - accepted;
  return `${read} rows read: ${stored} stored (${accepted} accepted, ${waiting} wait for review), ${duplicates} were there already, ${problems.length} left out${problems.length > 0 ? ':' : '.'}`;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
