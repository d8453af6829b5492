import { IN_CHANNEL } from './asking.js';
import { cardOf, linkOf, wholeOf } from './card-parts.js';
import type { Posted } from './channel-messages.js';
import { drawScreenshot, SCREENSHOTS } from './screenshots.js';
import { OWN_CHAT, type Stage } from './story.js';

const WORDS = 'a mum is slagging the school off on facebook, she says we are useless';
const PLACE = 'The Year 4 parents’ group';

/** What is typed into the cards of the report, and what each of them is about. */
const CARDS = [
  {
    name: 'card 1 of 5, what happened',
    typed: { dangers: 'none', category: 'disparaging_post', postedBy: 'parent', about: 'school', involved: '' },
  },
  {
    name: 'card 2 of 5, where it was',
    typed: { platform: 'facebook', place: PLACE, account: 'Jo Sample', stillThere: 'yes' },
  },
  {
    name: 'card 3 of 5, in their own words',
    typed: { words: `${WORDS}. It is about me as well.`, whoSaw: 'About forty parents are in the group' },
  },
] as const;
const WISHES = { wish: 'I would like it taken down, without a quarrel at the gate.', nameFor: 'triagers' };

/** A report with two screenshots, up to its card in the Headteacher's channel. @returns its reference. */
export async function report(stage: Stage): Promise<string> {
  const { cast } = stage;
  stage.recording.begin(
    '3. A report with two screenshots',
    'When something has happened, staff say so. Five short cards, saved at every step, say where the report goes and who sees the name before they ask for anything.',
  );
  const draft = await begin(stage);
  for (const { name, typed } of CARDS) {
    stage.shows('teacher', name, draft, { typed });
    await next(stage, draft, 'Next', typed);
  }
  await addScreenshots(stage, draft);
  stage.shows('teacher', 'card 4 of 5, screenshots', draft);
  await next(stage, draft, 'Next', {});
  stage.shows('teacher', 'card 5 of 5, wishes, and all of it to be checked', draft, { typed: WISHES });
  await next(stage, draft, 'Send the report', WISHES);
  stage.shows('teacher', 'the receipt', draft);
  const [reference] = /PD-[0-9A-HJKMNP-TV-Z]{8}/u.exec(wholeOf(cardOf(draft))) ?? [];
  if (reference === undefined) throw new Error('The report has no receipt with a reference.');
  const posted = await stage.arrivedAt(cast.channel, reference, '"Acknowledge"');
  stage.card('the report, with not a word of it', IN_CHANNEL, posted);
  return reference;
}

/** The card of a report takes the place of the one before. */
async function begin(stage: Stage): Promise<Posted> {
  const { cast, teams } = stage;
  stage.recording.add({ kind: 'says', who: stage.called('teacher'), where: OWN_CHAT, words: WORDS });
  const [draft] = (await teams.say(cast.teacher, WORDS)).slice(-1);
  if (!draft) throw new Error('No report was begun.');
  return draft;
}

async function next({ cast, teams }: Stage, draft: Posted, title: string, typed: object): Promise<void> {
  const before = wholeOf(cardOf(draft));
  await teams.press(cast.teacher, draft, title, typed);
  if (wholeOf(cardOf(draft)) === before) throw new Error(`Nothing came after “${title}”.`);
}

/** Through the page that the card links to, as its script sends them. */
async function addScreenshots(stage: Stage, draft: Posted): Promise<void> {
  const { cast, teams } = stage;
  const card = cardOf(draft);
  const page = card && linkOf(card, 'Add screenshots');
  if (page === undefined || !(await fetch(page)).ok) throw new Error('The upload page did not open.');
  for (const [at, posts] of SCREENSHOTS.entries()) {
    const png = await drawScreenshot(posts);
    const sent = await fetch(`${page}/files`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array(png) },
    });
    const { outcome, id } = (await sent.json()) as { outcome?: string; id?: string };
    if (outcome !== 'added') throw new Error('A screenshot was not taken.');
    await describe(`${page}/files/${id}`);
    const words = `${stage.called('teacher')} adds screenshot ${at + 1} of ${SCREENSHOTS.length} on the upload page, which opens from the card.`;
    const shows = `Made-up screenshot: ${posts.map((post) => `${post.name}: “${post.words}”`).join(' ')}`;
    stage.recording.add({ kind: 'picture', words, shows, png });
  }
  await teams.press(cast.teacher, draft, 'Refresh');
  if (!wholeOf(cardOf(draft)).includes('"Received: 2')) throw new Error('The card does not show both screenshots.');
}

async function describe(address: string): Promise<void> {
  const body = JSON.stringify({ seenWhere: PLACE });
  const said = await fetch(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!((await said.json()) as { saved?: boolean }).saved) throw new Error('What a screenshot shows was not kept.');
}
