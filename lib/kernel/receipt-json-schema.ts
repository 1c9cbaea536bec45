import { z } from 'zod';
import { receipt3Schema, receiptSchema } from './receipt-schema.ts';

/** A receipt's schema for everybody else: JSON Schema, draft 2020-12, as it stands at /schemas/receipt-2.json and -3.json. */
export function receiptJsonSchema(version: 2 | 3): object {
  const { $schema, ...schema } = z.toJSONSchema(version === 2 ? receiptSchema : receipt3Schema);
  return {
    $schema,
    $id: `/schemas/receipt-${version}.json`,
    title: `OpenLedger receipt, version ${version}`,
    ...schema,
  };
}
