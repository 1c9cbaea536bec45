import type { SandboxRow } from './attack-engine.ts';
import type { AttackRow } from './types.ts';

/** A row as the engine reads it: as lib/model-factory makes messages of two fields, or of one. */
export function toSandboxRow({ id, question, answer }: AttackRow): SandboxRow {
  const said = { role: 'assistant' as const, content: answer };
  return { id, messages: question === '' ? [said] : [{ role: 'user', content: question }, said] };
}
