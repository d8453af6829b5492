import { mayHold } from '../reports/access.js';
import type { Case } from '../reports/case.js';
import type { Certificate, DeletionStore } from '../reports/deletion.js';
import { CATEGORY } from '../reports/labels.js';
import { announcedIn, keptUntil, timeKept } from '../reports/retention.js';
import { standingOf } from '../reports/standing.js';
import type { CaseStore } from '../reports/stores.js';
import { dayAndTimeAt, dayInWords } from '../schools/calendar.js';
import type { SchoolProfile } from '../schools/profile.js';
import { timeAt } from '../schools/time.js';
import { deletedCard, deletionAnnouncedCard } from './cards/deletion-views.js';
import type { Line } from './cards/fitting.js';
import { cardMessage } from './cards/message.js';
import type { Card } from './cards/template.js';
import type { Renderer } from './courier.js';
import { HOLD_HINT } from './triage-forms.js';

/** The messages of a case whose time is over: that it will be deleted, and that it was. */
export function deletionRenderers({
  cases,
  deletions,
}: {
  readonly cases: Pick<CaseStore, 'find'>;
  readonly deletions: Pick<DeletionStore, 'find'>;
}): Record<'case.deletion_announced' | 'case.deleted' | 'case.deleted_told', Renderer> {
  const certificateOf = async (schoolId: string, reference = '') =>
    (await deletions.find(schoolId, reference))?.certificate;
  return {
    'case.deletion_announced': async ({ schoolId, refs, target }, { profile }) => {
      const current = (await cases.find(schoolId, refs.reference ?? ''))?.case;
      if (!current || target.to !== 'person') return undefined;
      const card = announcementFor(current, profile, target.personId);
      return card && cardMessage(card);
    },
    'case.deleted': async ({ schoolId, refs }, { profile }) => {
      const certificate = await certificateOf(schoolId, refs.reference);
      return certificate && cardMessage(tombstoneFor(certificate, profile));
    },
    'case.deleted_told': async ({ schoolId, refs, target }, { profile }) => {
      const certificate = target.to === 'person' ? await certificateOf(schoolId, refs.reference) : undefined;
      return certificate && cardMessage(deletionToldFor(certificate, profile, refs.files === 'yes'));
    },
  };
}

/**
 * That a case will be deleted, for one person who may keep it.
 *
 * @returns `undefined` where that is not so any more: it was opened again or placed on legal hold, or is not theirs to decide on.
 */
export function announcementFor(current: Case, profile: SchoolProfile, personId: string): Card | undefined {
  const { reference, submittedAt } = current.report;
  const { category, state, route } = standingOf(current);
  const kept = keptUntil(current, profile);
  const announced = announcedIn(current);
  if (!kept || !announced || !mayHold(current, profile, personId)) return undefined;
  const when = (at: Date) => timeAt(at, profile.timeZone);
  const from = dayInWords(kept.until > announced.what.on ? kept.until : announced.what.on);
  return deletionAnnouncedCard({
    ...{ reference, seen: current.log.length },
    title: 'A case will soon be deleted',
    facts: [
      { name: 'Reference', value: reference },
      { name: 'About', value: CATEGORY[category] },
      { name: 'Sent', value: when(submittedAt) },
      { name: state === 'withdrawn' ? 'Withdrawn' : 'Closed', value: when(kept.endedAt) },
      { name: 'To be deleted', value: `From ${from} on` },
    ],
    lines: [
      `It will be deleted from ${from} on: the school keeps such a case for ${timeKept(route.way, profile)} after its end.`,
      'All of it goes for good: what was reported, the files and the case log. Only its reference, its dates and checksums stay.',
      'Is it still needed, as for a complaint, a claim or an inquiry? Then place it on legal hold, and it stays until somebody takes that back. If not, you need not do anything.',
    ],
    hint: HOLD_HINT,
  });
}

/** What stands in the place of every message of a case that was deleted: it is read by whoever read that. */
export const tombstoneFor = (certificate: Certificate, profile: SchoolProfile): Card =>
  deletedCard({
    title: `${certificate.reference} was deleted`,
    lines: [{ line: `Deleted on ${deletedOn(certificate, profile)}, ${WHY[certificate.reason]}.` }],
  });

const WHY: Readonly<Record<Certificate['reason'], string>> = {
  retention: 'under the school’s retention rules',
  early: 'as the school had decided',
};

const deletedOn = ({ deletedAt }: Certificate, { timeZone }: SchoolProfile): string =>
  dayInWords(dayAndTimeAt(deletedAt, timeZone).day);

/**
 * What whoever made a report is told once it was deleted, with what lies where Policy Desk cannot delete it.
 *
 * @param attached whether files were attached in the chat, of which Teams keeps copies.
 */
export function deletionToldFor(certificate: Certificate, profile: SchoolProfile, attached: boolean): Card {
  const { reference, submittedAt, reason, evidence } = certificate;
  const sent = dayInWords(dayAndTimeAt(submittedAt, profile.timeZone).day);
  const what = evidence.length === 0 ? 'was' : 'and its files were';
  return deletedCard({
    title: 'Your report has been deleted',
    lines: [
      {
        line: `Your report ${reference} of ${sent} ${what} deleted from Policy Desk on ${deletedOn(certificate, profile)}, ${WHY[reason]}.`,
      },
      ...(attached ? [ONEDRIVE] : []),
      ...(evidence.length === 0 ? [] : [DEVICES]),
      {
        lead: 'This chat: ',
        line: 'what you typed or sent here yourself stays in Teams for as long as the school’s Teams keeps chats. You can delete your own messages.',
      },
    ],
  });
}

const ONEDRIVE: Line = {
  lead: 'Files that you attached in this chat: ',
  line: 'copies of them lie in your OneDrive, in the folder “Microsoft Teams Chat Files”. Delete them there, too, if you need them no longer.',
};
const DEVICES: Line = { lead: 'Screenshots on your own devices: ', line: 'please delete those as well.' };
