/** The part of an entry of `added_tokens` that decides how text is cut at it. */
export type SpecialToken = { id: number; content: string; lstrip: boolean; rstrip: boolean };

/** Half of a surrogate pair, which no well-formed text has: put into text that spells a special token, to break it. */
const guard = '\uDC01';

/** Cuts text at special tokens, and keeps users from writing them. */
export class SpecialTokens {
  private readonly byContent: ReadonlyMap<string, SpecialToken>;
  private readonly pattern: RegExp | null;

  constructor(tokens: readonly SpecialToken[]) {
    this.byContent = new Map(tokens.map((token) => [token.content, token]));
    // The longest first: of two tokens that begin alike, the longer is meant.
    const contents = [...this.byContent.keys()].filter(Boolean).sort((a, b) => b.length - a.length);
    this.pattern = contents.length > 0 ? new RegExp(contents.map(escapePattern).join('|'), 'g') : null;
  }

  /** The text with every spelling of a special token broken by a character that `split` takes out again. */
  guard(text: string): string {
    let guarded = text.toWellFormed();
    // Again and again: breaking one spelling may leave another that overlapped it.
    while (this.pattern && guarded.search(this.pattern) >= 0) {
      guarded = guarded.replace(this.pattern, (content) => {
        const [first = ''] = content;
        return first + guard + content.slice(first.length);
      });
    }
    return guarded;
  }

  /** Ids of special tokens and the texts between them, in order. What was guarded is text. */
  split(text: string): (number | string)[] {
    const sections: (number | string)[] = [];
    let [end, stripsNext] = [0, false];
    const push = (piece: string, stripsEnd: boolean): void => {
      const started = stripsNext ? piece.trimStart() : piece;
      const clean = unguard(stripsEnd ? started.trimEnd() : started);
      if (clean !== '') sections.push(clean);
    };
    for (const match of this.pattern ? text.matchAll(this.pattern) : []) {
      const { id, lstrip, rstrip } = this.byContent.get(match[0])!;
      push(text.slice(end, match.index), lstrip);
      sections.push(id);
      [end, stripsNext] = [match.index + match[0].length, rstrip];
    }
    push(text.slice(end), false);
    return sections;
  }
}

function unguard(text: string): string {
  return text.replaceAll(new RegExp(guard, 'gu'), '');
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
