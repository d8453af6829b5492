/** What a page of ours may load and do: its own script, style and pictures, its own address, and nothing else. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Blobs are the previews of what was just chosen; they never leave the browser.
  "img-src 'self' blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Sent with every page, every answer to one, and every file that a page loads. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  // The address holds the link, so no other site may be told it.
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex, nofollow',
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), display-capture=()',
};

/**
 * Whether a request that changes something may come from a page of ours. The token in the path is what gives the right; this
 * keeps another site that got hold of one from using it in a visitor's browser.
 *
 * @param origin of our own pages.
 */
export function isFromOurPage(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  origin: string,
): boolean {
  const { 'sec-fetch-site': site, origin: from } = headers;
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  // A form on a page that sends no referrer has the origin "null"; browsers that say no more than that are old.
  return from === undefined || from === 'null' || from === origin;
}
