import type { DatasetRecord } from './read-dataset.ts';

export type ImportRow = { line: number; data: Record<string, string>; authors: string[] };

export type Mapping = {
  /** Names of the Datanet's fields, the question first. */
  fields: readonly [string, string];
  /** The record's field that becomes the answer. */
  text: string;
  /** A pattern for the question: `{title}: {section}`. */
  prompt: string;
  /** The record's field with its author or authors. */
  contributors: string;
  /** Where plain names are known; makes `alice` into `<namespace>:alice`. */
  namespace: string;
};

/** A record as a row to import, or why it cannot be one. Addresses and handles stay, plain names get the namespace. */
export function toImportRow({ line, fields }: DatasetRecord, mapping: Mapping): ImportRow | { problem: string } {
  const text = asText(fields[mapping.text]);
  if (text === null) return { problem: `has no text “${mapping.text}”` };
  const names = listOf(fields[mapping.contributors]);
  if (names.length === 0) return { problem: `names nobody in “${mapping.contributors}”` };
  let missing: string | null = null;
  const prompt = mapping.prompt.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = asText(fields[name]);
    if (value === null) missing ??= name;
    return value ?? '';
  });
  if (missing !== null) return { problem: `has no “${missing}”, which --prompt asks for` };
  const authors = [...new Set(names.map((name) => toAuthor(name, mapping.namespace)))];
  const [question, answer] = mapping.fields;
  return { line, data: { [question]: prompt, [answer]: text }, authors };
}

function asText(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function listOf(value: unknown): string[] {
  const parts = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,;]/) : [];
  return parts.flatMap((part) => (typeof part === 'string' && part.trim() !== '' ? [part.trim()] : []));
}

function toAuthor(name: string, namespace: string): string {
  if (/^0x[0-9a-f]{40}$/i.test(name) || /^[a-z0-9][a-z0-9-]{1,19}:/i.test(name)) return name;
  return `${namespace}:${name}`;
}
