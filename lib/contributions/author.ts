import { canonicalHandle, handleAccount } from '#lib/kernel/handle-account.ts';

/** Who made a row: an account, with the handle that it was computed from when there is no wallet. */
export type Author = { account: `0x${string}`; handle: string | null };

const addressPattern = /^0x[0-9a-f]{40}$/i;

/** Whether a text names an author: an address, or a handle such as `github:alice`. */
export function isAuthor(text: string): boolean {
  return addressPattern.test(text.trim()) || canonicalHandle(text) !== null;
}

/** @throws {RangeError} what `isAuthor` refuses */
export function parseAuthor(text: string): Author {
  const trimmed = text.trim();
  if (addressPattern.test(trimmed)) return { account: trimmed.toLowerCase() as `0x${string}`, handle: null };
  const handle = canonicalHandle(text);
  if (!handle) throw new RangeError(`“${text}” is neither an address nor a handle`);
  return { account: handleAccount(handle), handle };
}
