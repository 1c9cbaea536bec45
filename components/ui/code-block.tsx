import { CopyButton } from './copy-button.tsx';
import { cx } from './cx.ts';

/** Code or a command, copyable. `label` says what it is ("curl", "npm", "Python"). */
export function CodeBlock({ code, label, className }: { code: string; label: string; className?: string }) {
  return (
    <figure className={cx('rounded-md border border-hairline bg-sunken', className)}>
      <figcaption className="flex h-9 items-center justify-between border-b border-hairline pr-2 pl-3 text-xs text-muted">
        {label}
        <CopyButton text={code} what={label} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto p-3 font-mono text-xs leading-5">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
