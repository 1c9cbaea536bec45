/** Data as a JSON answer; bigints travel as decimal strings, because JSON numbers lose digits. Never cached by browsers. */
export function jsonResponse(
  data: unknown,
  init: { status?: number; headers?: Record<string, string> } = {},
): Response {
  const body = JSON.stringify(data ?? null, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return new Response(body, {
    status: init.status ?? 200,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...init.headers },
  });
}
