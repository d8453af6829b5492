import { periodId, SPANS } from '../../src/summaries/period.js';
import { periodsOf } from '../../src/summaries/periods.js';
import { plan } from '../../src/summaries/sending.js';
import type { Summary } from '../../src/summaries/summary.js';
import type { Reply } from './bot.js';
import { issued } from './issued.js';
import { anAnswers, aReport, submitted } from './reports.js';
import { type ALEX, BETH, type Chat, HELEN, type Staffroom, wholeOf } from './staff.js';
import { until } from './until.js';

/** The sample school's, as its profile has it. */
export const GOVERNORS = '19:example-primary-governors@thread.v2';
/** The first school day after Autumn 2026, first half. */
export const NOVEMBER = new Date('2026-11-02T11:00:00Z');

/** Keeps cases of the first half of autumn, of which some are about the Headteacher, and Beth is in the first of the others. */
export async function keepCases(room: Staffroom, count: number, aboutHead: number): Promise<void> {
  const schoolId = room.school.profile.id;
  const inOrder = Array.from({ length: count + aboutHead }, (_, at) => at);
  await Promise.all(
    inOrder.map((at) => {
      const involved = at >= count ? [HELEN.id] : at === 0 ? [BETH.id] : [];
      const words = at >= count ? 'Thaddeus heard Ms Achebe.' : 'Xyla says that I am a wombat.';
      const submittedAt = new Date(`2026-09-${String(10 + (at % 15)).padStart(2, '0')}T10:00:00Z`);
      const answers = anAnswers({ involved, words });
      const change = submitted(aReport(schoolId, { answers, submittedAt }));
      return room.bot.reports.cases.create({ ...change, deliveries: [] });
    }),
  );
}

/** Makes a summary that is to go to the governors, as when it is due, and sends the preview. */
export async function planned(room: Staffroom, id: string, on = '2027-01-20'): Promise<Summary> {
  const { summaries, deliveries, now } = room.bot.parts;
  const period = SPANS.flatMap((span) => periodsOf(room.school.profile, span)).find((one) => periodId(one) === id);
  const made = period && (await summaries.make(room.school, period, now(), { state: 'planned', on }));
  if (!made) throw new Error('Nothing was made.');
  const stored = await summaries.store.find(room.school.profile.id, id);
  const place = stored
    ? await summaries.store.change(stored, made, plan(made, room.school.profile), now())
    : await issued(summaries.store, made, plan(made, room.school.profile));
  if (!place) throw new Error('Another was first.');
  await deliveries.committed(place);
  return made;
}

/** Whether a conversation is a person's own chat. */
export const theirs = (conversationId: string, { id }: typeof ALEX): boolean => conversationId.includes(id);

/** The latest card in a person's own chat that says something. */
export const latest = (chat: Chat, says: string): Promise<Reply> =>
  until(() => chat.received.findLast((card) => wholeOf(card).includes(says)));
