import type { uploads } from '#db/schema/uploads.ts';
import type { UploadView } from './types.ts';

/** What of an upload its sender is told. */
export function toUploadView(row: typeof uploads.$inferSelect): UploadView {
  const { contributor: _, mapping: __, readLines: ___, ...view } = row;
  return view;
}
