import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cardOf, linkOf } from './card-parts.js';
import type { Posted } from './channel-messages.js';
import type { LastHalfTerm } from './governors.js';
import type { Stage } from './story.js';

const COMMENT =
  'Most of what came in was about group chats out of school. Years 5 and 6 have had an assembly on it, and parents an evening on phones.';
const FILES = 'Get the PDF and CSV';
const EXPORT = 'Export all of it';
/** What a governor may press to see more. */
const UNFOLDED = [
  'Who posted it',
  'How it ended',
  'How long it took',
  'What the policy leaves open',
  'How small figures',
];
const GOVERNORS_CHAT = 'in the governors’ chat';

/** The governors' figures of the half-term that is over. */
export async function sumUp(stage: Stage, halfTerm: LastHalfTerm): Promise<void> {
  const { cast, teams } = stage;
  stage.recording.begin(
    '5. The governors’ summary',
    `Each half-term the governors get figures that they can act on, and that give nobody away. They are made of half-terms that are over, so today’s report is not in this one: it is of ${halfTerm.period.name}, with reports and questions made up for the demo.`,
  );
  const { id } = await halfTerm.plan();
  const preview = await stage.arrived('headteacher', 'summary.comment', 'goes to the governors');
  stage.shows('headteacher', 'the summary, before it goes to the governors', preview, { typed: { comment: COMMENT } });
  await teams.press(cast.headteacher, preview, 'Keep the comment', { comment: COMMENT });
  stage.does(
    `${stage.called('headteacher')} keeps a comment. The figures cannot be changed. Two school days later Policy Desk sends it by itself; the demo does not wait for that, and sends it now.`,
  );
  await halfTerm.send(id);
  const sent = await stage.arrivedAt(cast.governors, FILES);
  stage.card('the summary', { by: 'all governors', where: GOVERNORS_CHAT }, sent, { unfold: UNFOLDED });
  const chairs = await stage.arrived('chair', FILES);
  stage.shows('chair', 'the chair’s own edition, with what is about the Headteacher', chairs, {
    unfold: ['Reports about the Headteacher'],
  });
}

/** A file that somebody of the school fetches, and what it is. */
export interface Fetched {
  readonly path: string;
  readonly what: string;
}

/** Fetches the PDF as a governor does: the button in the chat, the link that comes, the page that it opens. */
export async function fetchSummary({ cast, teams }: Stage, folder: string): Promise<Fetched> {
  const [sent] = teams.at(cast.governors);
  if (!sent) throw new Error('There is no summary in the governors’ chat.');
  await teams.press(cast.chair, sent, FILES, {}, cast.governors);
  const page = linkIn(teams.at(cast.governors).at(-1), 'Open the page with both files');
  const path = join(folder, 'demo-summary.pdf');
  await download(`${page}/pdf`, path);
  return { path, what: 'the governors’ summary, to read and print' };
}

/** Fetches the copy of the whole case as the deputy does. */
export async function fetchExport({ cast, teams }: Stage, folder: string): Promise<Fetched> {
  const whole = teams.ownChat(cast.deputy).findLast((one) => JSON.stringify(one.activity).includes(EXPORT));
  const path = join(folder, 'demo-case.zip');
  await download(linkIn(whole, EXPORT), path);
  return { path, what: 'all of the case, to be handed over' };
}

function linkIn(posted: Posted | undefined, title: string): string {
  const card = posted && cardOf(posted);
  if (!card) throw new Error(`There is no card with a link “${title}”.`);
  return linkOf(card, title);
}

/** The page's button, which hands the file over. */
async function download(address: string, path: string): Promise<void> {
  const response = await fetch(address, { method: 'POST' });
  if (!response.ok || !/pdf|zip/u.test(response.headers.get('content-type') ?? ''))
    throw new Error('A file was not handed over.');
  await writeFile(path, new Uint8Array(await response.arrayBuffer()));
}
