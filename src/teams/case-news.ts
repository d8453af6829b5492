import { isForChannel, mayRead } from '../reports/access.js';
import type { Case, CaseEvent, Happening } from '../reports/case.js';
import { evidenceInWords, seenInWords } from '../reports/in-words.js';
import type { CaseStore } from '../reports/stores.js';
import type { Delivery } from '../schools/delivery.js';
import type { SchoolProfile } from '../schools/profile.js';
import type { School } from '../schools/school.js';
import { newsCard } from './cards/case-list-view.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import type { Renderer } from './courier.js';

/**
 * Word for those who have a case of what its reporter has done since. In the channel a sentence that says nothing of it; in the
 * own chat of a person who may read the case, now that it is sent, all of it.
 */
export function newsRenderer({ cases }: { readonly cases: CaseStore }): Renderer {
  return async ({ refs, schoolId, target }: Delivery, school) => {
    const found = (await cases.find(schoolId, refs.reference ?? ''))?.case;
    const event = found?.log.find(({ number }) => number === Number(refs.event));
    if (!found || !event) return undefined;
    const allowed =
      target.to === 'person'
        ? mayRead(found, school.profile, target.personId)
        : target.to === 'headteacher_channel' && isForChannel(found, school.profile);
    const card = allowed ? newsCardFor(found, event, school, target.to === 'person') : undefined;
    return card && cardMessage(card);
  };
}

/** @param whole for the own chat of a person who may read the case. */
export function newsCardFor(current: Case, event: CaseEvent, { profile }: School, whole: boolean): Card | undefined {
  const { reference } = current.report;
  const done = DONE[event.what.kind];
  if (done === undefined) return undefined;
  return newsCard({
    ...{ reference, title: `${reference}: the reporter has ${done}.`, seen: current.log.length },
    parts: whole ? partsOf(current, event.what, profile) : [],
  });
}

const DONE: Readonly<Partial<Record<Happening['kind'], string>>> = {
  question_answered: 'answered a question',
  words_added: 'added to the report',
  evidence_added: 'added a file',
  withdrawn: 'withdrawn the report',
};

function partsOf({ evidence, log }: Case, what: Happening, profile: SchoolProfile) {
  switch (what.kind) {
    case 'question_answered': {
      const asked = log.find(({ number }) => number === what.question)?.what;
      return [
        { part: 'The answer', lines: [what.words] },
        { part: 'The question', lines: asked?.kind === 'question_asked' ? [asked.words] : [] },
      ];
    }
    case 'words_added':
      return [{ part: 'Added', lines: [what.words] }];
    case 'evidence_added': {
      const at = evidence.findIndex(({ id }) => id === what.evidence);
      const piece = evidence[at];
      const line = piece && [evidenceInWords(piece, at, profile), seenInWords(piece)].filter(Boolean).join('; ');
      return line === undefined ? [] : [{ part: 'The file', lines: [line] }];
    }
    case 'withdrawn':
      return [{ part: 'The reason', lines: [what.reason] }];
    default:
      return [];
  }
}
