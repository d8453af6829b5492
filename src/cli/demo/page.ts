import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Card } from '../../teams/cards/template.js';
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
  const cards: Card[] = [];
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
<p class="lead">One report from beginning to end, as it looks in Microsoft Teams. Everything here was really sent by Policy Desk on ${escaped(facts.at)} and is drawn with the renderer that Microsoft publishes for its cards; Teams’ own colours differ a little, and Teams draws charts where there are tables here. The people, ${escaped(facts.school)} and what happens are made up.</p>
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
<script>${library('adaptivecards/dist/adaptivecards.js')}</script>
<script>${library('markdown-it/dist/markdown-it.min.js')}</script>
<script type="application/json" id="cards">${inScript(JSON.stringify(cards))}</script>
<script>${own('page-cards.js')}</script>
</body>
</html>
`;
}

function sceneHtml({ title, lead, moments }: Scene, at: number, cards: Card[]): string {
  const steps = stepsOf(moments).map((step, number) => stepHtml(step, `${at + 1}.${number + 1}`, cards));
  return `<section id="part-${at + 1}" aria-labelledby="title-${at + 1}">
<h2 id="title-${at + 1}">${escaped(title)}</h2>
<p class="lead">${escaped(lead)}</p>
<ol class="steps">
${steps.join('\n')}
</ol>
</section>`;
}

/** What comes before a card stands above it. */
function stepsOf(moments: readonly Moment[]): readonly (readonly Moment[])[] {
  const steps: Moment[][] = [[]];
  for (const moment of moments) {
    steps.at(-1)?.push(moment);
    if (moment.kind === 'card') steps.push([]);
  }
  return steps.filter((step) => step.length > 0);
}

const stepHtml = (step: readonly Moment[], number: string, cards: Card[]): string =>
  `<li><p class="number"><span class="aside">Step </span>${number}</p>\n${step.map((moment) => momentHtml(moment, cards)).join('\n')}</li>`;

function momentHtml(moment: Moment, cards: Card[]): string {
  switch (moment.kind) {
    case 'says':
      return `<p class="who">${escaped(moment.who)} types, ${escaped(moment.where)}:</p><blockquote>${escaped(moment.words)}</blockquote>`;
    case 'does':
      return `<p class="does">${escaped(moment.words)}</p>`;
    case 'picture': {
      const source = `data:image/png;base64,${Buffer.from(moment.png).toString('base64')}`;
      return `<figure><img src="${source}" alt="${escaped(moment.shows)}"><figcaption>${escaped(moment.words)}</figcaption></figure>`;
    }
    case 'card':
      return cardHtml(moment, cards);
  }
}

function cardHtml({ name, seen, card }: Extract<Moment, { kind: 'card' }>, cards: Card[]): string {
  cards.push(ownIds(card, `card${cards.length}-`));
  const text = cardLines(card, TEXT_WIDTH).map((line) => line.text);
  return `<h3>${escaped(capital(name))}</h3>
<p class="who">Seen by <strong>${escaped(seen.by)}</strong>, ${escaped(seen.where)}</p>
<div class="drawn" data-card="${cards.length - 1}"><noscript><pre>${escaped(text.join('\n'))}</pre></noscript></div>
<details><summary>This card as text</summary><pre>${escaped(text.join('\n'))}</pre></details>`;
}

/** The ids of elements are those of the page, on which there are many cards. */
const ownIds = (card: Card, prefix: string): Card =>
  JSON.parse(JSON.stringify(card), (name, value: unknown) => {
    if (name === 'id' && typeof value === 'string') return prefix + value;
    return name === 'targetElements' ? (value as string[]).map((id) => prefix + id) : value;
  }) as Card;

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/gu, (sign) => ENTITIES[sign] ?? sign);

/** A script of a package, without the map to its source, which is twice as long. */
const library = (path: string): string =>
  inScript(readFileSync(fromPackage.resolve(path), 'utf8').replace(/\/\/# sourceMappingURL=\S*\s*$/u, ''));

/** Nothing in a script ends it, or begins a comment. */
const inScript = (text: string): string => text.replace(/<(?=\/script|!--|script)/giu, '\\u003c');
