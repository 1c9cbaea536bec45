import type { z } from 'zod';
import { InvalidInputError } from './errors.ts';

/** Parses input by its schema. @throws {InvalidInputError} with one message for each field, by dotted path. */
export function parseInput<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const fieldErrors: Record<string, string> = {};
  for (const issue of result.error.issues) {
    // Only strict schemas refuse unknown fields: each is named as a field of its own.
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : null;
    for (const path of unknown?.map((key) => [...issue.path, key]) ?? [issue.path]) {
      fieldErrors[path.join('.') || 'input'] ??= unknown ? 'is not supported here; leave it out' : issue.message;
    }
  }
  const [field, message] = Object.entries(fieldErrors)[0]!;
  throw new InvalidInputError(`${field === 'input' ? 'The input' : field}: ${message}`, fieldErrors);
}
