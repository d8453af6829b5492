import type { PageAsset } from './page-assets.js';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it may stand in HTML, in an element or in a quoted attribute. */
export const escaped = (text: string): string => text.replace(/[&<>"']/gu, (sign) => ESCAPES[sign] ?? sign);

/** What a page has beside the style that all of them share. */
export interface PageParts {
  readonly style?: PageAsset;
  readonly script?: PageAsset;
  /** Another address of ours that takes the page's place after some seconds. */
  readonly next?: { readonly address: string; readonly seconds: number };
}

/** A whole page around its `main`. */
export const layOut = (title: string, main: string, { style, script, next }: PageParts = {}): string => `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${next ? `<meta http-equiv="refresh" content="${next.seconds}; url=${escaped(next.address)}">\n` : ''}<title>${escaped(title)}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/page.css">
${style ? `<link rel="stylesheet" href="/assets/${style}">\n` : ''}${script ? `<script src="/assets/${script}"></script>\n` : ''}</head>
<body>
<header><img src="/assets/icon.svg" alt="" width="28" height="28"><span>Policy Desk</span></header>
<main>
${main}
</main>
</body>
</html>
`;

/** A page that says one thing. */
export const messagePage = (words: string): string => layOut('Policy Desk', `<h1 class="only">${escaped(words)}</h1>`);

/** A sentence that stands out; what went wrong is read aloud at once. */
export const messageBox = (kind: 'good' | 'bad' | 'note', words: string): string =>
  `<p class="box ${kind}" role="${kind === 'bad' ? 'alert' : 'status'}">${escaped(words)}</p>\n`;
