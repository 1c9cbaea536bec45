/**
 * One value for a CSV file (RFC 4180). Text that a spreadsheet would run as a formula (it begins with = + - @, a tab or a
 * line break, OWASP "CSV injection") gets an apostrophe before it; plain numbers stay numbers.
 */
export function csvCell(value: string | number | bigint | null | undefined): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r\n]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
