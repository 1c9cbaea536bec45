/** `node scripts/schemas/write-receipt-schema.ts`: writes public/schemas/receipt-2.json from lib/kernel/receipt-schema.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { receiptJsonSchema } from '../../lib/kernel/receipt-json-schema.ts';

const file = join(import.meta.dirname, '../../public/schemas/receipt-2.json');
writeFileSync(file, `${JSON.stringify(receiptJsonSchema(), null, 2)}\n`);
