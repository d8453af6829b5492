import type { Activity } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AttachmentHosts, hostsOfTurn, leaveFor, TEAMS_HOSTS } from '../../src/teams/attachment-hosts.js';
import { attachmentsOf, type Downloaded, downloadAttachment } from '../../src/teams/attachments.js';
import { FakeTeamsFiles, TEAMS_TOKEN } from '../fakes/teams-files.js';
import { aChannelMessage, aMessage, aSubmit } from '../support/activities.js';

const HTML = { contentType: 'text/html', content: '<p>look at this</p>' };
const PICTURE_URL = 'https://smba.trafficmanager.net/uk/v3/attachments/0-weu-1/views/original';
const FILE_URL = 'https://example-my.sharepoint.com/personal/alex/_layouts/15/download.aspx?UniqueId=1&tempauth=x';
const FILE_INFO = 'application/vnd.microsoft.teams.file.download.info';

const sent = (attachments: unknown, text?: string): Activity =>
  ({ ...aMessage(text), attachments }) as unknown as Activity;

describe('what a message carries', () => {
  it.each<[string, unknown, string | undefined, unknown[]]>([
    ['words alone', undefined, 'look at this', []],
    ['words and their HTML', [HTML], 'look at this', []],
    [
      'a pasted picture with its HTML',
      [
        { contentType: 'image/*', contentUrl: PICTURE_URL },
        { contentType: 'text/html', content: '<img itemtype="http://schema.skype.com/AMSImage" src="https://x">' },
      ],
      undefined,
      [{ kind: 'picture', url: PICTURE_URL }],
    ],
    [
      'two files and a picture, in order',
      [
        {
          contentType: FILE_INFO,
          contentUrl: 'https://x',
          content: { downloadUrl: FILE_URL, fileType: 'png' },
          name: 'a',
        },
        { contentType: 'IMAGE/PNG', contentUrl: PICTURE_URL },
        { contentType: FILE_INFO, content: { downloadUrl: FILE_URL }, name: 'b' },
      ],
      'these three',
      [
        { kind: 'file', url: FILE_URL },
        { kind: 'picture', url: PICTURE_URL },
        { kind: 'file', url: FILE_URL },
      ],
    ],
    [
      'a picture without an address',
      [{ contentType: 'image/*', contentUrl: null }, HTML],
      undefined,
      [{ kind: 'empty' }],
    ],
    ['a file without what to fetch', [{ contentType: FILE_INFO, content: null }], undefined, [{ kind: 'empty' }]],
    ['an attachment that is null', [null], undefined, [{ kind: 'empty' }]],
    ['an attachment with nothing in it', [{ contentType: null, content: null }], undefined, [{ kind: 'empty' }]],
    [
      'HTML with a picture that did not come',
      [
        {
          contentType: 'text/html',
          content: '<p><img itemtype="http://schema.skype.com/AMSImage" src="https://x"></p>',
        },
      ],
      undefined,
      [{ kind: 'empty' }],
    ],
    [
      'HTML with a smiling face',
      [{ contentType: 'text/html', content: '<p><img itemtype="http://schema.skype.com/Emoji" src="https://x"></p>' }],
      ':)',
      [],
    ],
    ['nothing at all', null, undefined, [{ kind: 'empty' }]],
    ['blanks only', [], ' &nbsp; ', [{ kind: 'empty' }]],
    [
      'a voice message',
      [{ contentType: 'application/vnd.microsoft.card.audio', content: '{"media":[]}' }],
      undefined,
      [{ kind: 'other' }],
    ],
    ['a file of a channel', [{ contentType: 'reference', contentUrl: 'https://x' }], 'see', [{ kind: 'other' }]],
    ['a card of a link', [{ contentType: 'application/vnd.microsoft.card.hero', content: {} }, HTML], 'https://x', []],
    ['an answer to a message', [{ contentType: 'messageReference', content: '{}' }], 'yes', []],
    ['attachments that are no list', { contentType: 'image/png' }, 'hello', []],
  ])('%s', (_, attachments, text, expected) => {
    expect(attachmentsOf(sent(attachments, text))).toEqual(expected);
  });

  it('a press on a button, or a mention alone in a channel, is no file that got lost', () => {
    expect(attachmentsOf(aSubmit({ verb: 'x' }) as unknown as Activity)).toEqual([]);
    expect(attachmentsOf(aChannelMessage('', { mention: true }) as unknown as Activity)).toEqual([]);
  });
});

describe('the hosts that may be asked', () => {
  it.each<[string, ReturnType<typeof leaveFor>]>([
    [PICTURE_URL, 'with_token'],
    ['https://smba.infra.gcc.teams.microsoft.com/v3/attachments/1/views/original', 'with_token'],
    [FILE_URL, 'without_token'],
    ['https://EXAMPLE-MY.SharePoint.com/x', 'without_token'],
    ['https://eu-api.asm.skype.com/v1/objects/1/views/imgo', 'without_token'],
    ['http://smba.trafficmanager.net/uk/v3/attachments/1', undefined],
    ['https://smba.trafficmanager.net:8443/uk', undefined],
    ['https://smba.trafficmanager.net./uk', undefined],
    ['https://evil.trafficmanager.net/uk', undefined],
    ['https://smba.trafficmanager.net.evil.example/uk', undefined],
    ['https://smba.trafficmanager.net@evil.example/uk', undefined],
    ['https://evil@smba.trafficmanager.net/uk', undefined],
    ['https://evilsharepoint.com/x', undefined],
    ['https://sharepoint.com/x', undefined],
    ['https://x.sharepoint.com.evil.example/x', undefined],
    ['http://x.sharepoint.com/x', undefined],
    ['https://127.0.0.1/x', undefined],
    ['https://169.254.169.254/metadata/identity', undefined],
    ['file:///etc/passwd', undefined],
    ['data:image/png;base64,AAAA', undefined],
  ])('%s: %s', (url, leave) => {
    expect(leaveFor(new URL(url), TEAMS_HOSTS)).toBe(leave);
  });

  it('with an identity, the service that sent the turn is one of them; over https only', () => {
    const hosts = hostsOfTurn('https://smba.example.net/uk/', true);
    expect(leaveFor(new URL('https://smba.example.net/v3/attachments/1'), hosts)).toBe('with_token');
    expect(leaveFor(new URL(PICTURE_URL), hosts)).toBe('with_token');
    const plain = hostsOfTurn('http://smba.example.net/uk/', true);
    expect(leaveFor(new URL('http://smba.example.net/v3/attachments/1'), plain)).toBeUndefined();
  });

  it('without one, there is only the turn’s own service on this machine', () => {
    const hosts = hostsOfTurn('http://127.0.0.1:56150/_connector', false);
    expect(leaveFor(new URL('http://127.0.0.1:56150/_files/1'), hosts)).toBe('without_token');
    expect(leaveFor(new URL('http://127.0.0.1:10000/devstoreaccount1'), hosts)).toBeUndefined();
    expect(leaveFor(new URL(PICTURE_URL), hosts)).toBeUndefined();
    expect(hostsOfTurn('https://evil.example/', false)).toEqual({ withToken: [], withoutToken: [] });
  });
});

describe('fetching', () => {
  const BYTES = Buffer.from('a picture, as far as anybody knows here');
  let teams: FakeTeamsFiles;
  let elsewhere: FakeTeamsFiles;
  let hosts: AttachmentHosts;
  const tokensAskedFor: boolean[] = [];
  const token = async (fresh: boolean) => {
    tokensAskedFor.push(fresh);
    return TEAMS_TOKEN;
  };

  beforeEach(async () => {
    [teams, elsewhere] = await Promise.all([FakeTeamsFiles.start(), FakeTeamsFiles.start()]);
    hosts = { withToken: [teams.address], withoutToken: [] };
    tokensAskedFor.length = 0;
  });
  afterEach(async () => {
    await Promise.all([teams.stop(), elsewhere.stop()]);
  });

  const fetched = (url: string, options: Partial<Parameters<typeof downloadAttachment>[1]> = {}): Promise<Downloaded> =>
    downloadAttachment({ kind: 'picture', url }, { token, hosts, ...options });
  /** The tokens that a server was sent, each once. */
  const tokensSentTo = (server: FakeTeamsFiles) => [...new Set(server.asked.map(({ authorization }) => authorization))];

  it('brings a pasted picture with the token, to the byte', async () => {
    const url = teams.picture({ kind: 'serves', bytes: BYTES });
    expect(await fetched(url)).toEqual({ bytes: BYTES });
    expect(tokensSentTo(teams)).toEqual([`Bearer ${TEAMS_TOKEN}`]);
  });

  it('brings a file without it, and does not even ask for one', async () => {
    hosts = { withToken: [], withoutToken: [teams.address] };
    expect(await fetched(teams.file({ kind: 'serves', bytes: BYTES }))).toEqual({ bytes: BYTES });
    expect(tokensSentTo(teams)).toEqual([undefined]);
    expect(tokensAskedFor).toEqual([]);
  });

  it('tries once more with a new token when the old one is refused, and not a third time', async () => {
    const url = teams.picture({ kind: 'serves', bytes: BYTES });
    const tokens = async (fresh: boolean) => (fresh ? TEAMS_TOKEN : 'withdrawn');
    expect(await fetched(url, { token: tokens })).toEqual({ bytes: BYTES });
    teams.tokens.clear();
    expect(await fetched(url)).toEqual({ failure: 'failed' });
    expect(teams.asked).toHaveLength(4);
  });

  it('asks nothing of a host that is not on the list', async () => {
    const url = elsewhere.picture({ kind: 'serves', bytes: BYTES });
    expect(await fetched(url)).toEqual({ failure: 'not_from_teams' });
    expect(await fetched('no address at all')).toEqual({ failure: 'not_from_teams' });
    expect(await fetched(url, { hosts: TEAMS_HOSTS })).toEqual({ failure: 'not_from_teams' });
    expect(elsewhere.asked).toEqual([]);
    expect(tokensAskedFor).toEqual([]);
  });

  it('follows no redirect to such a host', async () => {
    const to = elsewhere.file({ kind: 'serves', bytes: BYTES });
    for (const status of [301, 302, 303, 307, 308])
      expect(await fetched(teams.picture({ kind: 'redirects', to, status }))).toEqual({ failure: 'not_from_teams' });
    expect(elsewhere.asked).toEqual([]);
  });

  it('follows one to a host on the list, and leaves the token behind even where it might be sent', async () => {
    const to = elsewhere.file({ kind: 'serves', bytes: BYTES });
    for (const listed of [
      { withToken: [teams.address], withoutToken: [elsewhere.address] },
      { withToken: [teams.address, elsewhere.address], withoutToken: [] },
    ])
      expect(await fetched(teams.picture({ kind: 'redirects', to }), { hosts: listed })).toEqual({ bytes: BYTES });
    expect(elsewhere.asked).toHaveLength(2);
    expect(tokensSentTo(elsewhere)).toEqual([undefined]);
  });

  it('sends the token along a redirect within the host, and not from a file’s address to a picture’s', async () => {
    const picture = teams.picture({ kind: 'serves', bytes: BYTES });
    const to = picture.slice(teams.address.length);
    expect(await fetched(teams.picture({ kind: 'redirects', to }))).toEqual({ bytes: BYTES });
    const listed = { withToken: [teams.address], withoutToken: [elsewhere.address] };
    const led = elsewhere.file({ kind: 'redirects', to: picture });
    teams.asked.length = 0;
    expect(await fetched(led, { hosts: listed })).toEqual({ failure: 'failed' });
    expect(tokensSentTo(teams)).toEqual([undefined]);
  });

  it('follows three redirects, and gives up a fourth', async () => {
    let to = teams.picture({ kind: 'serves', bytes: BYTES });
    for (let redirects = 1; redirects <= 3; redirects += 1) to = teams.picture({ kind: 'redirects', to });
    expect(await fetched(to)).toEqual({ bytes: BYTES });
    expect(await fetched(teams.picture({ kind: 'redirects', to }))).toEqual({ failure: 'failed' });
    expect(await fetched(teams.picture({ kind: 'redirects', to: 'http://' }))).toEqual({ failure: 'not_from_teams' });
  });

  it('stops reading at the limit, whatever was declared, and ends the connection', async () => {
    expect(await fetched(teams.picture({ kind: 'endless' }))).toEqual({ failure: 'too_large' });
    expect(await fetched(teams.picture({ kind: 'unpacks_to', bytes: 50_000_000 }))).toEqual({ failure: 'too_large' });
    expect(teams.sentEndlessly).toBeLessThan(30_000_000);
    const url = teams.picture({ kind: 'serves', bytes: BYTES });
    expect(await fetched(url, { mostBytes: BYTES.length })).toEqual({ bytes: BYTES });
    expect(await fetched(url, { mostBytes: BYTES.length - 1 })).toEqual({ failure: 'too_large' });
  });

  it('takes nothing that is not whole', async () => {
    expect(await fetched(teams.picture({ kind: 'truncated', bytes: BYTES }))).toEqual({ failure: 'failed' });
    expect(await fetched(teams.picture({ kind: 'cut_off', bytes: BYTES }))).toEqual({ failure: 'failed' });
    expect(await fetched(teams.picture({ kind: 'hangs_up' }))).toEqual({ failure: 'failed' });
  });

  it('says when it was empty', async () => {
    expect(await fetched(teams.picture({ kind: 'empty' }))).toEqual({ failure: 'empty' });
  });

  it.each([204, 400, 403, 404, 410, 500, 503])('takes no body of status %i', async (status) => {
    expect(await fetched(teams.picture({ kind: 'status', status }))).toEqual({ failure: 'failed' });
  });

  it('waits no longer than it may, for the head, the body, or the token', async () => {
    const soon = { withinMs: 200 };
    expect(await fetched(teams.picture({ kind: 'silent' }), soon)).toEqual({ failure: 'late' });
    expect(await fetched(teams.picture({ kind: 'stalls' }), soon)).toEqual({ failure: 'late' });
    const never = () => new Promise<never>(() => undefined);
    const url = teams.picture({ kind: 'serves', bytes: BYTES });
    expect(await fetched(url, { ...soon, token: never })).toEqual({ failure: 'late' });
  });

  it('stops when it is told to, and survives a token that cannot be had', async () => {
    const url = teams.picture({ kind: 'serves', bytes: BYTES });
    expect(await fetched(url, { signal: AbortSignal.abort() })).toEqual({ failure: 'failed' });
    const refused = async () => {
      throw new Error('The secret has expired.');
    };
    expect(await fetched(url, { token: refused })).toEqual({ failure: 'failed' });
    expect(teams.asked).toEqual([]);
  });
});
