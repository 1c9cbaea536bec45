type Address = `0x${string}`;

/** `text` is null where a curator has hidden it (but not for those who may restore it) or its author has taken it back. */
export type CommentView = {
  id: string;
  author: Address;
  text: string | null;
  state: 'shown' | 'hidden' | 'taken-back';
  createdAt: Date;
  /** Newest moderation of a hidden one. */
  hiddenBy: Address | null;
  hiddenReason: string | null;
  /** For curators: what readers reported. */
  reports: { by: Address; reason: string }[];
};

export type ThreadView = CommentView & { replies: CommentView[] };

export type ModerationView = {
  id: string;
  commentId: string;
  hides: boolean;
  by: Address;
  reason: string;
  createdAt: Date;
};
