/** `node scripts/schemas/write-receipt-schema.ts`: writes public/schemas/receipt-2.json and -3.json from lib/kernel/receipt-schema.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { receiptJsonSchema } from '../../lib/kernel/receipt-json-schema.ts';

for (const version of [2, 3] as const) {
  const file = join(import.meta.dirname, `../../public/schemas/receipt-${version}.json`);
  writeFileSync(file, `${JSON.stringify(receiptJsonSchema(version), null, 2)}\n`);
}
