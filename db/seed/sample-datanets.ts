import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { createDatanetSchema } from '#lib/datanets/schema.ts';

const account = z.number().int().min(0).max(9);
const datanetSchema = createDatanetSchema.extend({ ownerAccount: account, curatorAccounts: z.array(account).min(2) });
const rowSchema = z.object({ account, prompt: z.string(), completion: z.string() });

/** A Datanet of db/samples: its terms, the devnet accounts of its people, and its rows in order. */
export type SampleDatanet = z.infer<typeof datanetSchema> & { rows: z.infer<typeof rowSchema>[] };

/** Reads `*.datanet.json` with their `*.jsonl`, by name. Throws with the file and line that is wrong. */
export function readSampleDatanets(folder = new URL('../samples/', import.meta.url)): SampleDatanet[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.datanet.json'));
  return files.sort().map((file) => {
    const rowsFile = file.replace('.datanet.json', '.jsonl');
    const terms = parse(file, datanetSchema, readFileSync(new URL(file, folder), 'utf8'));
    const lines = readFileSync(new URL(rowsFile, folder), 'utf8').split('\n');
    const rows = lines.flatMap((line, i) => (line === '' ? [] : [parse(`${rowsFile}:${i + 1}`, rowSchema, line)]));
    return { ...terms, rows };
  });
}

function parse<S extends z.ZodType>(where: string, schema: S, text: string): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`sample data ${where} is wrong`, { cause });
  }
}
