import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { liveMessage } from '../support/activities.js';
import { button, cardText, type Reply } from '../support/bot.js';
import { linksTo } from '../support/links.js';
import { aPicture } from '../support/pictures.js';
import { ALEX, type Chat, DANIEL, referenceIn, Staffroom, TYPED } from '../support/staff.js';
import { until } from '../support/until.js';

const PNG = await aPicture(11).png().toBuffer();
const JPEG = await aPicture(12).jpeg().toBuffer();
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');

let room: Staffroom;
let alex: Chat;

beforeAll(async () => {
  room = await Staffroom.open({ links: linksTo() });
  room.bot.deliveries.start();
  alex = room.chatOf(ALEX);
});
afterAll(() => room.close());
afterEach(async () => {
  const { drafts } = room.bot.reports;
  const stored = await drafts.open({ schoolId: room.school.profile.id, personId: ALEX.id });
  if (stored) await drafts.finish(stored, null, new Date());
  await room.settled();
  expect(await room.faults()).toEqual([]);
  expect(JSON.stringify(room.bot.logged)).not.toMatch(/Morgan|0d3c6a51|tempauth|\.png/iu);
  room.bot.logged.length = 0;
  room.files.asked.length = 0;
  room.connector.calls.length = 0;
  room.connector.posted.length = 0;
});

/** A picture pasted into the message. */
const pasted = (bytes: Uint8Array) => ({
  contentType: 'image/*',
  contentUrl: room.fileUrl(room.files.picture({ kind: 'serves', bytes })),
});
/** A file attached to it, with a name that says nothing true. */
const attached = (bytes: Uint8Array) => ({
  contentType: 'application/vnd.microsoft.teams.file.download.info',
  name: 'alex morgan.png',
  content: { downloadUrl: room.fileUrl(room.files.file({ kind: 'serves', bytes })), uniqueId: '1', fileType: 'png' },
});
const html = { contentType: 'text/html', content: '<p>here</p>' };
const send = async (...attachments: object[]): Promise<string> => {
  const [reply] = await alex.say('', attachments);
  return reply?.text ?? '';
};

/** Up to the card for evidence. */
async function toEvidence(): Promise<Reply> {
  let [card] = await alex.say('report');
  for (const step of ['what', 'where', 'words'] as const) card = await alex.press(card, 'Next', TYPED[step]);
  return card as Reply;
}

describe('the card for evidence', () => {
  it('morley-victoria: says to delete nothing and what a screen print has to show, and offers the upload page', async () => {
    const card = await toEvidence();
    for (const words of [
      'shows the account, the date and the address',
      'Delete nothing',
      'do not forward',
      'No files yet',
    ])
      expect(cardText(card)).toContain(words);
    expect(button(card, 'Add screenshots')).toMatchObject({
      url: 'http://127.0.0.1:1/evidence/sealed',
    });
    const without = await alex.press(card, 'Next', { noScreenshot: 'true' });
    expect(cardText(without)).toContain('No files; no screenshot to be had');
  });

  it('is redrawn in its place when a file comes in by another way', async () => {
    const { reply, id } = await alex.sayLive('report');
    let card = reply;
    for (const step of ['what', 'where', 'words'] as const) card = await alex.press(card, 'Next', TYPED[step], id);
    const { draft } = await room.openDraft();
    expect(draft.card).toEqual({ conversationId: alex.id, activityId: id });
    const owner = { schoolId: room.school.profile.id, personId: ALEX.id };
    const target = { kind: 'draft', draftId: draft.id } as const;
    await room.bot.reports.intake.take({ owner, target, bytes: PNG, way: 'upload_page' });
    // As the web server does when the upload page has taken a file.
    await room.bot.reports.redraw(owner);
    const put = room.connector.calls.filter(({ method, path }) => method === 'PUT' && path.endsWith(`/${id}`));
    expect(put).toHaveLength(1);
    expect(put[0]?.status).toBe(200);
    expect(JSON.stringify(put[0]?.body)).toContain('Received: 1');
    expect(room.connector.in(alex.id)).toHaveLength(1);
  });

  it('shows all files at last where several come at once', async () => {
    const { reply, id } = await alex.sayLive('report');
    let card = reply;
    for (const step of ['what', 'where', 'words'] as const) card = await alex.press(card, 'Next', TYPED[step], id);
    const { draft } = await room.openDraft();
    const owner = { schoolId: room.school.profile.id, personId: ALEX.id };
    const target = { kind: 'draft', draftId: draft.id } as const;
    room.connector.latencyMs = 200;
    await Promise.all(
      [1, 2, 3, 4].map(async (seed) => {
        const bytes = await aPicture(seed, 40, 40).png().toBuffer();
        await room.bot.reports.intake.take({ owner, target, bytes, way: 'upload_page' });
        await room.bot.reports.redraw(owner);
      }),
    );
    room.connector.latencyMs = 0;
    const put = room.connector.calls.filter(({ method, path }) => method === 'PUT' && path.endsWith(`/${id}`));
    expect(put.length).toBeLessThan(4);
    expect(JSON.stringify(put.at(-1)?.body)).toContain('Received: 4');
  });

  it('is not redrawn while another card may hold what is being typed', async () => {
    const { reply, id } = await alex.sayLive('report');
    await alex.press(reply, 'Next', TYPED.what, id);
    await alex.say('', [pasted(PNG)]);
    expect(room.connector.calls.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect((await room.openDraft()).evidence).toHaveLength(1);
  });

  it('that cannot be redrawn loses nothing', async () => {
    const { reply, id } = await alex.sayLive('report');
    let card = reply;
    for (const step of ['what', 'where', 'words'] as const) card = await alex.press(card, 'Next', TYPED[step], id);
    room.connector.standing.push({ path: `/activities/${id}`, trouble: { status: 404 } });
    await alex.say('', [pasted(PNG)]);
    room.connector.standing.length = 0;
    expect((await room.openDraft()).evidence).toHaveLength(1);
  });
});

describe('a file sent in the chat', () => {
  it.each([
    ['pasted', pasted, 'chat_picture'],
    ['attached', attached, 'chat_file'],
  ] as const)('%s is kept to the byte, with how and when it came', async (_name, make, way) => {
    await toEvidence();
    const said = await send(make(PNG), html);
    expect(said).toContain('Kept, to the byte. There is 1 file in your report now.');
    expect(said.includes('OneDrive')).toBe(way === 'chat_file');
    const { draft, evidence } = await room.openDraft();
    expect(evidence).toHaveLength(1);
    expect(evidence[0]).toMatchObject({ type: 'image/png', bytes: PNG.length, way, addedBy: ALEX.id });
    const place = { schoolId: draft.schoolId, reference: draft.reference, evidenceId: evidence[0]?.id ?? '' };
    expect(Buffer.from((await room.bot.reports.files.original(place)) ?? [])).toEqual(PNG);
    const receipt = await alex.press(
      await alex.press(await alex.run('report.show', { draftId: draft.id }), 'Next'),
      'Send the report',
      TYPED.wishes,
    );
    const kept = await room.caseOf(referenceIn(cardText(receipt)));
    expect(kept.evidence).toEqual(evidence);
  });

  it('several at once, the same twice among them, are each one piece of evidence', async () => {
    await toEvidence();
    const said = await send(pasted(PNG), pasted(JPEG), pasted(PNG));
    expect(said).toContain('There are 2 files in your report now.');
    expect(said).toContain('I have that one already. There are 2 files');
    expect((await room.openDraft()).evidence).toHaveLength(2);
    expect(await send(attached(JPEG))).toContain('I have that one already');
  });

  it('of another kind, whatever its name, is refused by the name of the problem', async () => {
    await toEvidence();
    expect(await send(attached(SVG))).toContain('That is an SVG drawing');
    expect(await send(attached(PNG.subarray(0, PNG.length / 2)))).toContain('damaged');
    expect(await send(attached(Buffer.from('PK\u0003\u0004 and so on')))).toMatch(/archive|kind of file/u);
    expect((await room.openDraft()).evidence).toEqual([]);
  });

  it('that arrives empty, as from a phone’s gallery, is answered with the upload page', async () => {
    await toEvidence();
    for (const nothing of [[{ contentType: 'image/*' }], [{}], []])
      expect((await alex.say('', nothing))[0]?.text).toContain('Please use the upload page');
    expect(
      await send({ contentType: 'image/*', contentUrl: room.fileUrl(room.files.picture({ kind: 'empty' })) }),
    ).toContain('upload page');
  });

  it('from elsewhere is not fetched', async () => {
    await toEvidence();
    const elsewhere = room.files.picture({ kind: 'serves', bytes: PNG });
    expect(await send({ contentType: 'image/png', contentUrl: elsewhere })).toContain(
      'does not come from Teams itself',
    );
    expect(room.files.asked).toEqual([]);
  });

  it('can be taken away again, with its bytes', async () => {
    const card = await toEvidence();
    await send(pasted(PNG), pasted(JPEG));
    const { draft, evidence } = await room.openDraft();
    const shown = await alex.press(card, 'Refresh');
    expect(cardText(shown)).toContain('Received: 2');
    const after = await alex.run('report.remove', { draftId: draft.id, evidenceId: evidence[0]?.id });
    expect(cardText(after)).toContain('Received: 1');
    const place = (evidenceId = '') => ({ schoolId: draft.schoolId, reference: draft.reference, evidenceId });
    expect(await room.bot.reports.files.original(place(evidence[0]?.id))).toBeUndefined();
    expect(await room.bot.reports.files.original(place(evidence[1]?.id))).toBeDefined();
    const again = await alex.run('report.remove', { draftId: draft.id, evidenceId: evidence[0]?.id });
    expect(cardText(again)).toContain('Received: 1');
  });

  it('morley-victoria: goes as soon as an indecent image is spoken of, as it may be that; for other dangers it stays', async () => {
    const card = await toEvidence();
    await send(pasted(PNG));
    const { draft, evidence } = await room.openDraft();
    const place = { schoolId: draft.schoolId, reference: draft.reference, evidenceId: evidence[0]?.id ?? '' };
    const what = { draftId: draft.id, step: 'what', ...TYPED.what };
    await alex.run('report.next', { ...what, dangers: 'threat' });
    expect((await room.openDraft()).evidence).toHaveLength(1);
    expect(await room.bot.reports.files.original(place)).toBeDefined();
    const told = await alex.press(await alex.press(card, 'Refresh'), 'Back');
    await alex.press(told, 'Next', { ...TYPED.what, dangers: 'indecent_image' });
    expect((await room.openDraft()).evidence).toEqual([]);
    expect(await room.bot.reports.files.original(place)).toBeUndefined();
    expect(await room.bot.reports.files.viewing(place)).toBeUndefined();
  });

  it('goes when the report is discarded', async () => {
    const card = await toEvidence();
    await send(pasted(PNG));
    const { draft, evidence } = await room.openDraft();
    const sure = await alex.press(await alex.press(card, 'Save for later'), 'Discard it');
    expect(cardText(sure)).toContain('files you added are deleted');
    await alex.press(sure, 'Yes, discard it');
    const place = { schoolId: draft.schoolId, reference: draft.reference, evidenceId: evidence[0]?.id ?? '' };
    expect(await room.bot.reports.files.original(place)).toBeUndefined();
  });
});

describe('nothing is fetched', () => {
  afterEach(() => expect(room.files.asked).toEqual([]));

  it('while no report is under way', async () => {
    expect(await send(pasted(PNG))).toContain('there is no report under way');
  });

  it('before the questions about a child’s safety are answered', async () => {
    await alex.say('report');
    expect(await send(pasted(PNG), attached(PNG))).toContain('answer the questions about a child’s safety first');
    expect((await room.openDraft()).evidence).toEqual([]);
  });

  it('morley-victoria: while a report on a child’s safety is open; the person is told why', async () => {
    await alex.say('there is a naked picture of a year 6 girl going round on snapchat');
    const said = await send(pasted(PNG), attached(PNG));
    expect(said).toContain('takes words only, so this has not been fetched or kept');
    const { draft } = await room.openDraft();
    const told = await alex.run('report.show', { draftId: draft.id });
    expect(cardText(told)).not.toMatch(/Received|upload/u);
    await alex.press(told, 'Send at once', { words: 'x', told: 'Nobody yet', staffConduct: 'no' });
    expect((await room.caseOf(draft.reference)).evidence).toEqual([]);
    await until(() => room.chatOf(DANIEL).received[0]);
  });

  it('morley-victoria: with words that tell of a child at risk, whatever else is open', async () => {
    await toEvidence();
    const replies = await alex.say('this naked picture of a year 6 girl is going round', [pasted(PNG)]);
    expect(cardText(replies[0])).toContain('999');
    expect(replies.at(-1)?.text).toContain('has not been fetched or kept');
    expect((await room.openDraft()).evidence).toEqual([]);
  });

  it('with words that begin a report: they are its first words, and the questions come first', async () => {
    const words = 'a mum is slagging me off on facebook, look';
    const [card, said] = await alex.say(words, [pasted(PNG)]);
    expect(cardText(card)).toContain('Card 1 of 5');
    expect(said?.text).toContain('then send this again');
    expect((await room.openDraft()).draft.answers.words).toBe(words);
  });

  it('in a channel', async () => {
    await toEvidence();
    const live = liveMessage('', room.options.serviceUrl);
    const channel = { ...live, ...{ deliveryMode: 'expectReplies', attachments: [pasted(PNG)] } };
    const group = {
      id: '19:group',
      conversationType: 'groupChat',
      isGroup: true,
      tenantId: room.school.profile.tenantId,
    };
    const tenant = { tenant: { id: room.school.profile.tenantId } };
    const mention = [{ type: 'mention', text: '<at>Policy Desk</at>', mentioned: { id: '28:policy-desk' } }];
    const there = {
      ...channel,
      conversation: group,
      channelData: tenant,
      text: '<at>Policy Desk</at>',
      entities: mention,
    };
    expect((await room.bot.replies(there))[0]?.text).toContain('Others can read this conversation');
    expect(await room.bot.replies({ ...there, text: 'look', entities: [] })).toEqual([]);
  });
});
