const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it may stand in HTML, in an element or in a quoted attribute. */
export const escaped = (text: string): string => text.replace(/[&<>"']/gu, (sign) => ESCAPES[sign] ?? sign);

/** A whole page around its `main`. */
export function layOut(title: string, main: string, { script }: { readonly script: boolean }): string {
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/upload.css">
${script ? '<script src="/assets/upload.js"></script>\n' : ''}</head>
<body>
<header><img src="/assets/icon.svg" alt="" width="28" height="28"><span>Policy Desk</span></header>
<main>
${main}
</main>
</body>
</html>
`;
}
