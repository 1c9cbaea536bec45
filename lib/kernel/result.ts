/** What a server action returns: data, or an error that a form can show. Serialisable. */
export type ActionResult<T> =
  | { ok: true; data: T }
  | {
      ok: false;
      error: {
        code: string;
        message: string;
        facts?: Record<string, string | number>;
        fieldErrors?: Record<string, string>;
        requestId: string;
      };
    };
