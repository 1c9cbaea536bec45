'use client';

import { Command } from 'cmdk';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { SearchHit } from '#lib/explorer/types.ts';
import { navItems } from './nav-links.tsx';

/** Finds any Datanet, model, receipt or address, and the main pages. Results come from `/api/v1/search`. */
export function CommandPalette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const router = useRouter();
  const [query, setQuery] = useState('');
  const { hits, state } = useSearch(query, open);
  const go = (href: string) => {
    onOpenChange(false);
    router.push(href);
  };
  const pages = navItems.filter((item) => item.label.toLowerCase().includes(query.trim().toLowerCase()));
  const row =
    'flex h-11 cursor-pointer items-baseline gap-3 rounded-md px-3 leading-11 data-[selected=true]:bg-sunken text-sm';
  return (
    <Command.Dialog
      open={open}
      onOpenChange={onOpenChange}
      label="Search everything"
      shouldFilter={false}
      loop
      overlayClassName="fixed inset-0 z-40 animate-fade-in bg-ink/40 dark:bg-sunken/80"
      contentClassName="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 animate-fade-in overflow-hidden rounded-md border border-hairline bg-raised"
    >
      <Command.Input
        value={query}
        onValueChange={setQuery}
        placeholder="Datanet, model, receipt or address"
        className="h-14 w-full border-b border-hairline bg-transparent px-5 text-lg outline-none placeholder:text-faint focus-visible:outline-none"
      />
      <Command.List aria-label="Results" className="max-h-[50vh] overflow-y-auto p-2">
        <Command.Empty className="px-3 py-6 text-sm text-muted">
          {state === 'failed'
            ? 'The search did not answer. Check the connection and type again.'
            : state === 'loading'
              ? 'Searching…'
              : `Nothing is called “${query}”. Try a domain, a model name, or the first digits of an address.`}
        </Command.Empty>
        {hits.map((hit) => (
          <Command.Item key={hit.href} value={hit.href} onSelect={() => go(hit.href)} className={row}>
            <span className="w-16 shrink-0 text-xs text-muted">{hit.kind}</span>
            <span className="truncate">{hit.title}</span>
            <span className="ml-auto truncate text-xs text-muted">{hit.note}</span>
          </Command.Item>
        ))}
        {pages.map((page) => (
          <Command.Item key={page.href} value={page.href} onSelect={() => go(page.href)} className={row}>
            <span className="w-16 shrink-0 text-xs text-muted">Page</span>
            {page.label}
          </Command.Item>
        ))}
      </Command.List>
    </Command.Dialog>
  );
}

/** Asks the search route 120 ms after the last key; an answer that comes late for an older query is dropped. */
function useSearch(query: string, open: boolean): { hits: SearchHit[]; state: 'idle' | 'loading' | 'failed' } {
  const [hits, setHits] = useState<SearchHit[]>([]);
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  useEffect(() => {
    const text = query.trim();
    if (!open || text.length < 2) {
      setHits([]);
      setState('idle');
      return;
    }
    const abort = new AbortController();
    setState('loading');
    const timer = setTimeout(async () => {
      try {
        const response = await fetch(`/api/v1/search?q=${encodeURIComponent(text)}`, { signal: abort.signal });
        if (!response.ok) throw new Error(`search answered ${response.status}`);
        const body = (await response.json()) as { data: SearchHit[] };
        setHits(body.data);
        setState('idle');
      } catch {
        if (!abort.signal.aborted) setState('failed');
      }
    }, 120);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query, open]);
  return { hits, state };
}
