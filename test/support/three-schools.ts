import { randomUUID } from 'node:crypto';
import { changed } from '../../src/reports/case-change.js';
import type { Role, SchoolProfile } from '../../src/schools/profile.js';
import type { School } from '../../src/schools/school.js';
import { BOT_ID, type RawActivity } from './activities.js';
import { startBot, type TestBot } from './bot.js';
import { issued } from './issued.js';
import { aDraft, anAnswers, aReport, hex, newReference, someEvidence, submitted } from './reports.js';
import { smallSchool } from './small-school.js';
import { plannedSummary } from './summaries.js';

const ASKED_AT = new Date('2026-09-14T10:00:00Z');
const ENDED_AT = new Date('2026-09-16T10:00:00Z');

/** One school with everything that is kept of one, each with a word in it that no other school's has. */
export interface Marked {
  readonly school: School;
  readonly id: string;
  readonly mark: string;
  readonly reference: string;
  readonly ended: string;
  readonly draftId: string;
  readonly evidenceId: string;
  readonly enquiry: string;
}

/** Whoever acts. The first two have the same object id in both tenants, and the last is at oak and at ash. */
export const PEOPLE = {
  head: randomUUID(),
  reporter: randomUUID(),
  ashHead: randomUUID(),
  both: randomUUID(),
} as const;
const TRUST = randomUUID();
const ELSEWHERE = randomUUID();

const person = (id: string, name: string, ...roles: Role[]) => ({ id, name, roles });

/**
 * Two schools of one tenant, of which one's id begins as the other's, and one of another tenant with the same people, team, channel
 * and chat as the first. All are served by one bot and kept in one store.
 */
export class ThreeSchools {
  private constructor(
    readonly bot: TestBot,
    readonly oak: Marked,
    readonly ash: Marked,
    readonly elm: Marked,
  ) {}

  static async open(): Promise<ThreeSchools> {
    const oakId = `oak-${randomUUID().slice(0, 8)}`;
    const staff = [person(PEOPLE.head, 'Hal Head', 'headteacher'), person(PEOPLE.reporter, 'Rae Reporter', 'staff')];
    const both = person(PEOPLE.both, 'Bo Both', 'trust_or_local_authority', 'triager');
    const ashStaff = [person(PEOPLE.ashHead, 'Ada Ashhead', 'headteacher'), both];
    const [oak, ash, elm] = await Promise.all([
      aSchool(oakId, TRUST, oakId, [...staff, both]),
      aSchool(`${oakId}-ash`, TRUST, `${oakId}-ash`, ashStaff),
      aSchool(`elm-${oakId.slice(4)}`, ELSEWHERE, oakId, staff),
    ]);
    const bot = await startBot({ schools: [oak, ash, elm] });
    const [one, two, three] = await Promise.all([
      filled(bot, oak, 'alphaquartz'),
      filled(bot, ash, 'bravoquartz'),
      filled(bot, elm, 'charliequartz'),
    ]);
    return new ThreeSchools(bot, one, two, three);
  }

  get all(): readonly Marked[] {
    return [this.oak, this.ash, this.elm];
  }

  /** Somebody types into their own chat. @returns all that they are shown. */
  say(who: string, at: Marked, text: string): Promise<string> {
    return this.#send({ ...turn(who, at), type: 'message', text });
  }

  press(who: string, at: Marked, verb: string, data: object): Promise<string> {
    const value = { action: { type: 'Action.Execute', verb, data } };
    return this.#send({
      ...turn(who, at),
      type: 'invoke',
      name: 'adaptiveCard/action',
      value,
      deliveryMode: undefined,
    });
  }

  search(who: string, at: Marked, commandId: string, words: string): Promise<string> {
    const value = { commandId, parameters: [{ name: 'words', value: words }], queryOptions: { skip: 0, count: 25 } };
    return this.#send({
      ...turn(who, at),
      type: 'invoke',
      name: 'composeExtension/query',
      value,
      deliveryMode: undefined,
    });
  }

  async #send(activity: RawActivity): Promise<string> {
    return (await this.bot.send(activity)).text();
  }

  close(): Promise<void> {
    return this.bot.stop();
  }
}

async function aSchool(id: string, tenantId: string, team: string, people: SchoolProfile['people']): Promise<School> {
  const school = await smallSchool(id);
  const teams = {
    ...{ teamId: `19:${team}-general@thread.tacv2`, teamName: id },
    headteacherChannel: { id: `19:${team}-headteacher@thread.tacv2`, name: 'Headteacher' },
    governorsChat: { id: `19:${team}-governors@thread.v2`, name: 'Governors' },
  };
  return { ...school, profile: { ...school.profile, name: id, tenantId, people, teams } };
}

/** Keeps one of everything for a school. */
async function filled(bot: TestBot, school: School, mark: string): Promise<Marked> {
  const { id } = school.profile;
  const { reports, summaries, directory } = bot;
  const head = school.profile.people[0]?.id ?? '';
  const answers = anAnswers({ words: `It says ${mark}.`, account: mark, about: 'school', nameFor: 'triagers' });
  const reporter = { personId: PEOPLE.reporter, name: `Rae ${mark}` };
  const report = () => aReport(id, { category: 'online_bullying', answers, reporter, submittedAt: ASKED_AT });
  const [open, over] = [submitted(report()), submitted(report())];
  const closing = { kind: 'closed', outcome: 'resolved', message: mark } as const;
  const ended = changed(over.case, { personId: head }, ENDED_AT, [closing], { deliveries: [] });
  const bytes = Buffer.from(mark);
  const evidence = someEvidence(bytes, undefined, { addedBy: PEOPLE.reporter });
  await reports.cases.create({ ...open, evidence: [], deliveries: [] });
  await reports.cases.create({ ...over, case: ended.case, events: ended.case.log, evidence: [], deliveries: [] });
  const { reference } = open.case.report;
  await reports.files.keepOriginal({ schoolId: id, reference, evidenceId: evidence.id }, bytes, evidence.type);
  const draft = aDraft(id, { personId: PEOPLE.reporter, personName: `Rae ${mark}`, answers });
  await reports.drafts.create(draft);
  const enquiry = await answered(bot, id, head, mark);
  await issued(summaries, plannedSummary(id, { comment: { words: mark, by: head, at: ENDED_AT } }));
  await directory.remember(id, `user~${PEOPLE.head}`, { conversationId: `a:${mark}` });
  await bot.questions.record(id, { question: mark, askedAt: ASKED_AT, outcome: 'not_covered', clauses: [] });
  return {
    school,
    id,
    mark,
    reference,
    ended: ended.case.report.reference,
    draftId: draft.id,
    evidenceId: evidence.id,
    enquiry,
  };
}

/** A question to the Headteacher whose answer is kept for others. */
async function answered({ enquiries }: TestBot, schoolId: string, head: string, mark: string): Promise<string> {
  const reference = newReference().replace('PD-', 'Q-');
  const question = 'Who may feed the unicorn on Sundays?';
  const asker = { personId: PEOPLE.reporter, name: 'Rae Reporter' };
  const enquiry = {
    reference,
    schoolId,
    form: hex(24),
    question,
    asker,
    askedAt: ASKED_AT,
    clauses: [],
    answered: null,
  };
  await enquiries.open(enquiry, []);
  const stored = await enquiries.find(schoolId, reference);
  if (!stored) throw new Error('The question was not kept.');
  const by = { personId: head, name: 'Head' };
  await enquiries.change(stored, { ...enquiry, answered: { answer: mark, by, at: ENDED_AT, keptAs: question } }, []);
  return reference;
}

function turn(who: string, { school }: Marked): RawActivity {
  const { tenantId } = school.profile;
  return {
    ...{ id: randomUUID(), timestamp: '2026-11-20T15:42:00.000Z', channelId: 'msteams' },
    ...{ serviceUrl: 'http://127.0.0.1:9/_connector', deliveryMode: 'expectReplies' },
    from: { id: `29:${who}`, name: 'Somebody', aadObjectId: who },
    recipient: { id: BOT_ID, name: 'Policy Desk' },
    conversation: { id: `a:own-${randomUUID()}`, conversationType: 'personal', tenantId },
    channelData: { tenant: { id: tenantId } },
  };
}
