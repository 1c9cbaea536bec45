import type { ReactNode } from 'react';
import { type Inline, parseMarkdown } from './parse-markdown.ts';

/** A text of its writer's, as elements of the page. */
export function Markdown({ source }: { source: string }) {
  return (
    <div className="prose-measure flex flex-col gap-3">
      {parseMarkdown(source).map((block, i) => {
        const key = `${i} ${block.type}`;
        if (block.type === 'heading') {
          const inner = <Inlines inlines={block.inlines} />;
          return block.level === 2 ? (
            <h3 key={key} className="title-small mt-2">
              {inner}
            </h3>
          ) : (
            <h4 key={key} className="mt-1 font-medium">
              {inner}
            </h4>
          );
        }
        if (block.type === 'code')
          return (
            <pre key={key} className="overflow-x-auto text-xs">
              {block.text}
            </pre>
          );
        if (block.type === 'list')
          return (
            <ul key={key} className="flex list-disc flex-col gap-1 pl-5">
              {block.items.map((item) => (
                <li key={JSON.stringify(item)}>
                  <Inlines inlines={item} />
                </li>
              ))}
            </ul>
          );
        return (
          <p key={key}>
            <Inlines inlines={block.inlines} />
          </p>
        );
      })}
    </div>
  );
}

function Inlines({ inlines }: { inlines: readonly Inline[] }): ReactNode {
  return inlines.map((inline, i) => {
    const key = `${i} ${inline.type}`;
    if (inline.type === 'link')
      return (
        <a key={key} className="link" href={inline.href} rel="nofollow ugc noopener">
          {inline.text}
        </a>
      );
    if (inline.type === 'strong') return <strong key={key}>{inline.text}</strong>;
    return inline.type === 'code' ? <code key={key}>{inline.text}</code> : inline.text;
  });
}
