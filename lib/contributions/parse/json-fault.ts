export type JsonFault = { column: number; expected: string };

/**
 * Where a line of JSON breaks: the column (from 1) and what was expected there; null when the line is valid JSON. Engines
 * word their own messages differently and leave the position out at times, so we look ourselves (RFC 8259).
 */
export function findJsonFault(text: string): JsonFault | null {
  const scanner = new Scanner(text);
  try {
    scanner.value();
    scanner.space();
    if (scanner.at < text.length) scanner.fail('the end of the line');
    return null;
  } catch (fault) {
    if (fault instanceof ScanStop) return { column: fault.at + 1, expected: fault.expected };
    throw fault;
  }
}

class ScanStop extends Error {
  readonly at: number;
  readonly expected: string;
  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
  }
}

class Scanner {
  readonly text: string;
  at = 0;
  constructor(text: string) {
    this.text = text;
  }

  fail(expected: string): never {
    throw new ScanStop(this.at, expected);
  }

  space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at++;
  }

  eat(pattern: RegExp): boolean {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.at;
    const match = sticky.exec(this.text);
    if (match) this.at += match[0].length;
    return match !== null;
  }

  value(): void {
    this.space();
    const next = this.text[this.at];
    if (next === '{') this.list('}', () => this.member());
    else if (next === '[') this.list(']', () => this.value());
    else if (next === '"') this.string();
    else if (!this.eat(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/))
      this.fail('a value in "double quotes"');
  }

  list(close: string, item: () => void): void {
    this.at++;
    this.space();
    if (this.text[this.at] === close) {
      this.at++;
      return;
    }
    for (;;) {
      item();
      this.space();
      const next = this.text[this.at];
      if (next !== ',' && next !== close) this.fail(`a comma or ${close}`);
      this.at++;
      if (next === close) return;
    }
  }

  member(): void {
    this.space();
    if (this.text[this.at] !== '"') this.fail('a name in "double quotes"');
    this.string();
    this.space();
    if (this.text[this.at] !== ':') this.fail('a colon');
    this.at++;
    this.value();
  }

  string(): void {
    this.at++;
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x22) {
        this.at++;
        return;
      }
      if (code < 0x20) this.fail('\\n or \\t instead of a control character');
      if (code !== 0x5c) this.at++;
      else if (!this.eat(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/)) this.fail('a valid escape such as \\" or \\\\');
    }
    this.fail('a closing double quote');
  }
}
