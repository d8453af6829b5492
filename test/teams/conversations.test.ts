import type { Activity } from 'botbuilder';
import { describe, expect, inject, it } from 'vitest';
import { createLog } from '../../src/log.js';
import { directoryTable } from '../../src/storage/directory-table.js';
import { openTables } from '../../src/storage/tables.js';
import { rememberConversations } from '../../src/teams/conversations.js';
import { aChannelMessage, aMessage, from, HEADTEACHER_CHANNEL, type RawActivity } from '../support/activities.js';
import { sampleSchool } from '../support/sample-school.js';

const LOOPBACK = 'http://127.0.0.1:9/_connector';
const HTTPS = 'https://smba.trafficmanager.net/uk/';
const ALEX = '0d3c6a51-7b1e-4f0a-8c55-1e9a2b7d4c01';

async function start(hasIdentity: boolean) {
  const sample = await sampleSchool();
  const profile = { ...sample.profile, id: `dir-${crypto.randomUUID().slice(0, 8)}`, tenantId: crypto.randomUUID() };
  const directory = directoryTable(openTables({ connectionString: inject('storage') }));
  const school = { ...sample, profile };
  const remember = rememberConversations({ schools: [school], directory, log: createLog('silent'), hasIdentity });
  const { tenantId, id } = profile;
  return {
    directory,
    id,
    tenantId,
    turn: (activity: RawActivity) => remember(activity as unknown as Activity),
    find: (key: string) => directory.find(id, key),
  };
}

describe('what is remembered of a turn', () => {
  it('is the person’s chat, the latest address of the tenant’s service, and the school’s own channel and chat', async () => {
    const { turn, find, directory, tenantId } = await start(false);
    await turn(aMessage('hello', { tenantId, serviceUrl: LOOPBACK }));
    expect(await find(`user~${ALEX}`)).toEqual({ conversationId: 'a:personal', accountId: '29:0d3c6a51' });
    expect(await directory.serviceUrl(tenantId.toUpperCase())).toBe(LOOPBACK);
    const inChannel = (id: string) => {
      const activity = aChannelMessage('hello', { mention: true }, { tenantId, serviceUrl: `${LOOPBACK}/2` });
      return { ...activity, conversation: { ...activity.conversation, id } };
    };
    await turn(inChannel('19:another@thread.tacv2;messageid=1'));
    expect(await directory.serviceUrl(tenantId)).toBe(`${LOOPBACK}/2`);
    expect(await find('channel~headteacher')).toBeUndefined();
    await turn(inChannel(`${HEADTEACHER_CHANNEL};messageid=1`));
    expect(await find('channel~headteacher')).toEqual({ conversationId: HEADTEACHER_CHANNEL });
    await turn(inChannel('19:example-primary-governors@thread.v2'));
    expect(await find('chat~governors')).toEqual({ conversationId: '19:example-primary-governors@thread.v2' });
  });

  it('leads nowhere but to this machine without an identity, and to https with one', async () => {
    for (const [hasIdentity, trusted, other] of [
      [false, LOOPBACK, HTTPS],
      [true, HTTPS, LOOPBACK],
    ] as const) {
      const { turn, find, directory, tenantId } = await start(hasIdentity);
      await turn(aMessage('hello', { tenantId, serviceUrl: other }));
      expect(await directory.serviceUrl(tenantId)).toBeUndefined();
      expect(await find(`user~${ALEX}`)).toBeUndefined();
      await turn(aMessage('hello', { tenantId, serviceUrl: trusted }));
      await turn(aMessage('hello', { tenantId, serviceUrl: other }));
      expect(await directory.serviceUrl(tenantId)).toBe(trusted);
    }
  });

  it('is a person’s one chat at each of their schools, whichever they mean, and until they remove the bot', async () => {
    const sample = await sampleSchool();
    const tenantId = crypto.randomUUID();
    const aSchool = (people: readonly { id: string }[]) => {
      const id = `dir-${crypto.randomUUID().slice(0, 8)}`;
      const teams = { ...sample.profile.teams, teamId: `19:${id}@thread.tacv2` };
      const of = sample.profile.people.filter((person) => people.some((one) => one.id === person.id));
      return { ...sample, profile: { ...sample.profile, id, tenantId, tenantIsShared: true, teams, people: of } };
    };
    const [head] = sample.profile.people.filter(({ roles }) => roles.includes('headteacher'));
    const schools = [aSchool([{ id: ALEX }]), aSchool([{ id: ALEX }]), aSchool(head ? [head] : [])];
    const directory = directoryTable(openTables({ connectionString: inject('storage') }));
    const remember = rememberConversations({ schools, directory, log: createLog('silent'), hasIdentity: false });
    const found = () => Promise.all(schools.map(({ profile: { id } }) => directory.find(id, `user~${ALEX}`)));
    const turn = (activity: RawActivity) => remember(activity as unknown as Activity);
    await turn(aMessage('hello', { tenantId, serviceUrl: LOOPBACK }));
    const chat = { conversationId: 'a:personal', accountId: '29:0d3c6a51' };
    expect(await found()).toEqual([chat, chat, undefined]);
    const gone = { ...aMessage('', { tenantId, serviceUrl: LOOPBACK }), type: 'installationUpdate', action: 'remove' };
    await turn(gone);
    expect(await found()).toEqual([undefined, undefined, undefined]);
  });

  it('is nothing for a stranger’s tenant, or for a person whom Teams does not name', async () => {
    const { turn, find, directory, tenantId } = await start(false);
    const elsewhere = crypto.randomUUID();
    await turn(aMessage('hello', { tenantId: elsewhere, serviceUrl: LOOPBACK }));
    expect(await directory.serviceUrl(elsewhere)).toBeUndefined();
    const nameless = { ...aMessage('hello', { tenantId, serviceUrl: LOOPBACK }), from: { id: '29:x' } };
    await turn(nameless);
    await turn(from({ id: ALEX, name: 'Alex Morgan' }, aMessage('hello', { tenantId, serviceUrl: LOOPBACK })));
    expect(await find(`user~${ALEX}`)).toMatchObject({ accountId: `29:${ALEX}` });
  });
});
