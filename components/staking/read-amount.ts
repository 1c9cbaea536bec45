import { formatOpen, parseOpen } from '#lib/kernel/money.ts';

/** A typed amount in wei, or null with the sentence that says what is wrong. `where` says what holds `availableWei`. */
export function readAmount(
  text: string,
  availableWei: bigint,
  where: string,
): { wei: bigint; error?: undefined } | { wei: null; error: string } {
  try {
    const wei = parseOpen(text.replaceAll(',', ''));
    if (wei === 0n) return { wei: null, error: 'Type an amount above 0.' };
    if (wei <= availableWei) return { wei };
    const missing = formatOpen(wei - availableWei);
    return { wei: null, error: `${where} ${formatOpen(availableWei)} OPEN; ${missing} are missing.` };
  } catch (error) {
    return { wei: null, error: (error as Error).message };
  }
}
