/** Inline pieces of a line; a link's address is http(s) or a path of this site, everything else stays text. */
export type Inline = { type: 'text' | 'strong' | 'code'; text: string } | { type: 'link'; text: string; href: string };
export type Block =
  | { type: 'heading'; level: 2 | 3; inlines: Inline[] }
  | { type: 'paragraph'; inlines: Inline[] }
  | { type: 'list'; items: Inline[][] }
  | { type: 'code'; text: string };

/**
 * The part of CommonMark that a card needs: headings, paragraphs, bullet lists, fenced code, strong, code and links. It yields data
 * and never markup, so a card can hold no script: HTML in it is shown as the letters that it is.
 */
export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.replaceAll('\r\n', '\n').split('\n');
  for (let i = 0; i < lines.length; ) {
    const line = lines[i]!;
    if (line.trim() === '') {
      i += 1;
    } else if (line.startsWith('```')) {
      const end = lines.findIndex((other, at) => at > i && other.startsWith('```'));
      const last = end === -1 ? lines.length : end;
      blocks.push({ type: 'code', text: lines.slice(i + 1, last).join('\n') });
      i = last + 1;
    } else {
      const heading = /^(#{1,6})\s+(.*)$/.exec(line);
      const run = heading ? [line] : takeWhile(lines.slice(i), isItem(line) ? isItem : isProse);
      i += run.length;
      if (heading)
        blocks.push({ type: 'heading', level: heading[1]!.length < 3 ? 2 : 3, inlines: parseInline(heading[2]!) });
      else if (isItem(line))
        blocks.push({ type: 'list', items: run.map((item) => parseInline(item.replace(/^\s*[-*]\s+/, ''))) });
      else blocks.push({ type: 'paragraph', inlines: parseInline(run.join(' ')) });
    }
  }
  return blocks;
}

const isItem = (line: string) => /^\s*[-*]\s+/.test(line);
const isProse = (line: string) => line.trim() !== '' && !isItem(line) && !/^(#{1,6}\s|```)/.test(line);

function takeWhile(lines: readonly string[], holds: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !holds(line));
  return lines.slice(0, end === -1 ? lines.length : end);
}

function parseInline(text: string): Inline[] {
  const inlines: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(/\*\*([^*]+)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^()\s]+)\)/g)) {
    const [whole, strong, code, label, href] = match;
    const link = href !== undefined && isSafe(href) ? { type: 'link' as const, text: label!, href } : null;
    if (href !== undefined && !link) continue;
    if (match.index > at) inlines.push({ type: 'text', text: text.slice(at, match.index) });
    at = match.index + whole.length;
    if (link) inlines.push(link);
    else inlines.push(strong === undefined ? { type: 'code', text: code! } : { type: 'strong', text: strong });
  }
  if (at < text.length) inlines.push({ type: 'text', text: text.slice(at) });
  return inlines;
}

/** No javascript:, data:, or //host that looks like a path. */
const isSafe = (href: string) => /^https?:\/\//.test(href) || /^\/(?![/\\])/.test(href);
