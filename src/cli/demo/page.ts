import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cardLines } from './card-text.js';
import type { Moment, Scene } from './recording.js';

const fromPackage = createRequire(import.meta.url);
const own = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
const TEXT_WIDTH = 72;

/** What the page says beside the story. */
export interface PageFacts {
  readonly school: string;
  /** "Sat 21 Nov 2026, 20:42". */
  readonly at: string;
  /** What the check of every chain found. */
  readonly verdict: string;
  readonly files: readonly { readonly name: string; readonly what: string }[];
}

/**
 * The story as one page that needs nothing else: every card is drawn by the official renderer, which is in it, and none of it may ask
 * the network for anything.
 */
export function storyPage(scenes: readonly Scene[], facts: PageFacts): string {
  const cards: object[] = [];
  const body = scenes.map((scene, at) => sceneHtml(scene, at, cards)).join('\n');
  const contents = scenes.map(({ title }, at) => `<li><a href="#part-${at + 1}">${escaped(title)}</a></li>`).join('');
  const files = facts.files.map(
    ({ name, what }) => `<li><a href="${escaped(name)}">${escaped(name)}</a>: ${escaped(what)}</li>`,
  );
  return `<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<title>Policy Desk: what people see</title>
<style>${own('page.css')}</style>
</head>
<body>
<header>
<h1>Policy Desk: what people see</h1>
<p class="lead">One report from beginning to end, as it looks in Microsoft Teams. Everything here was really sent by Policy Desk on ${escaped(facts.at)} and is drawn as Teams draws it; the people, ${escaped(facts.school)} and what happens are made up.</p>
<nav aria-label="Parts"><ol>${contents}</ol></nav>
</header>
<main>
${body}
<section>
<h2>Afterwards</h2>
<p>Every case log is a chain: each entry holds the fingerprint of the one before, so that nothing can be changed or left out unnoticed. The check at the end of this run says: <strong>${escaped(facts.verdict)}</strong>.</p>
<p>Beside this page there are:</p>
<ul>${files.join('')}</ul>
</section>
</main>
<script>${inScript(readFileSync(fromPackage.resolve('adaptivecards/dist/adaptivecards.js'), 'utf8'))}</script>
<script>${inScript(readFileSync(fromPackage.resolve('markdown-it/dist/markdown-it.min.js'), 'utf8'))}</script>
<script type="application/json" id="cards">${inScript(JSON.stringify(cards))}</script>
<script>${own('page-cards.js')}</script>
</body>
</html>
`;
}

function sceneHtml({ title, lead, moments }: Scene, at: number, cards: object[]): string {
  const inside = moments.map((moment) => momentHtml(moment, cards)).join('\n');
  return `<section id="part-${at + 1}">
<h2>${escaped(title)}</h2>
<p class="lead">${escaped(lead)}</p>
<ol class="story">
${inside}
</ol>
</section>`;
}

function momentHtml(moment: Moment, cards: object[]): string {
  switch (moment.kind) {
    case 'says':
      return `<li class="says"><p class="who">${escaped(moment.who)} types, ${escaped(moment.where)}</p><blockquote>${escaped(moment.words)}</blockquote></li>`;
    case 'does':
      return `<li class="does"><p>${escaped(moment.words)}</p></li>`;
    case 'answers':
      return `<li class="card"><p class="who">${escaped(moment.seen.by)} sees, ${escaped(moment.seen.where)}</p><blockquote>${escaped(moment.words)}</blockquote></li>`;
    case 'picture': {
      const source = `data:image/png;base64,${Buffer.from(moment.png).toString('base64')}`;
      return `<li class="picture"><p>${escaped(moment.words)}</p><img src="${source}" alt="${escaped(moment.shows)}"></li>`;
    }
    case 'card': {
      cards.push(moment.card);
      const { by, where } = moment.seen;
      const text = cardLines(moment.card, TEXT_WIDTH)
        .map((line) => line.text)
        .join('\n');
      return `<li class="card"><h3>${escaped(capital(moment.name))}</h3>
<p class="who"><strong>${escaped(by)}</strong> sees this <span>${escaped(where)}</span></p>
<div class="drawn" data-card="${cards.length - 1}"></div>
<details><summary>This card as text</summary><pre>${escaped(text)}</pre></details></li>`;
    }
  }
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/gu, (sign) => ENTITIES[sign] ?? sign);

/** Nothing in a script ends it, or begins a comment. */
const inScript = (text: string): string => text.replace(/<(?=\/script|!--|script)/giu, '\\x3c');
