import { z } from 'zod';
import { receiptSchema } from './receipt-schema.ts';

/** The receipt's schema for everybody else: JSON Schema, draft 2020-12, as it stands at /schemas/receipt-2.json. */
export function receiptJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(receiptSchema);
  return { $schema, $id: '/schemas/receipt-2.json', title: 'OpenLedger receipt, version 2', ...schema };
}
