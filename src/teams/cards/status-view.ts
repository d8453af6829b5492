import { type Card, fillCard } from './template.js';

/** How something is, said in words; the colour only goes with it. */
export type Mark = 'works' | 'look' | 'broken' | 'fact';

export interface StatusLine {
  readonly mark: Mark;
  readonly line: string;
}

export interface StatusSection {
  readonly title: string;
  readonly lines: readonly StatusLine[];
}

export interface StatusView {
  /** When it was looked at, as people read it. */
  readonly at: string;
  readonly version: string;
  readonly sections: readonly StatusSection[];
  /** What is left out where others read along; `null` where nothing is. */
  readonly leftOut: string | null;
}

const MARK: Readonly<Record<Mark, { readonly mark: string; readonly color: string }>> = {
  works: { mark: 'Works:', color: 'Good' },
  look: { mark: 'Please check:', color: 'Warning' },
  broken: { mark: 'Does not work:', color: 'Attention' },
  fact: { mark: '•', color: 'Default' },
};

/** What is connected and what is not. */
export function statusCard({ at, version, sections, leftOut }: StatusView): Card {
  const summary = summaryOf(sections.flatMap(({ lines }) => lines));
  return fillCard('status', {
    summary,
    speak: `What is connected. ${summary}`,
    sections: sections.map(({ title, lines }) => ({
      title,
      lines: lines.map(({ mark, line }) => ({ ...MARK[mark], line })),
    })),
    foot: `${leftOut === null ? '' : `${leftOut} `}Looked at on ${at}. Policy Desk ${version}.`,
  });
}

function summaryOf(lines: readonly StatusLine[]): string {
  const count = (wanted: Mark) => lines.filter(({ mark }) => mark === wanted).length;
  const [broken, look] = [count('broken'), count('look')];
  if (broken > 0) {
    const trouble = broken === 1 ? 'One thing does not work' : `${broken} things do not work`;
    return `${trouble}${look > 0 ? `, and ${toCheck(look)}` : ''}.`;
  }
  return look > 0 ? `Nothing is broken, but ${toCheck(look)}.` : 'Everything works.';
}

const toCheck = (count: number): string => (count === 1 ? 'one thing needs a look' : `${count} things need a look`);
