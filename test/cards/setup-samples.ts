import type { Delivery } from '../../src/schools/delivery.js';
import type { School } from '../../src/schools/school.js';
import { type ChosenView, channelFoundCard, channelLostCard, chosenCard } from '../../src/teams/cards/setup-views.js';
import { statusCard } from '../../src/teams/cards/status-view.js';
import type { Card } from '../../src/teams/cards/template.js';
import type { PartStatus } from '../../src/teams/status-lines.js';
import * as lines from '../../src/teams/status-lines.js';

const NOW = new Date('2026-11-20T15:42:00Z');
const AT = 'Fri 20 Nov 2026, 15:42';
const LOST = new Date('2026-11-19T09:05:00Z');

const chosen = (view: Partial<ChosenView>): Card =>
  chosenCard({
    part: 'headteacher_channel',
    isNew: true,
    since: null,
    before: 'Headteacher',
    type: 'private',
    ...view,
  });

const waiting: Delivery = {
  ...{ kind: 'case.new', refs: { reference: 'PD-7K3M9QXA' }, schoolId: 'example-primary', order: 1 },
  ...{ owedSince: LOST, attempts: 3, refusals: 2, progress: { state: 'owed', due: NOW } },
  target: { to: 'headteacher_channel' },
  placement: { at: 'new' },
};

async function status(school: School, kind: 'well' | 'lost' | 'channel' | 'down'): Promise<Card> {
  const { profile } = school;
  const { timeZone, teams } = profile;
  const well = kind === 'well';
  const channel: PartStatus = {
    place: {
      ...teams.headteacherChannel,
      teamId: teams.teamId,
      chosenAt: well ? new Date('2026-09-01T10:00:00Z') : null,
    },
    lastSent: kind === 'lost' ? undefined : NOW,
    ...{ heard: well, waiting: kind === 'lost' ? [waiting] : [], timeZone },
  };
  const chat = { ...channel, place: { ...teams.governorsChat, teamId: null, chosenAt: null }, waiting: [] };
  const health = { channelId: teams.headteacherChannel.id, since: LOST, state: 'lost', cause: 'removed' } as const;
  const storage = kind === 'down' ? 'Table storage does not answer.' : undefined;
  const conversations = [
    {
      title: 'The channel for reports',
      lines: lines.channelLines({ ...channel, health: kind === 'lost' ? health : undefined }),
    },
    {
      title: 'The chat for governors’ summaries',
      lines: lines.chatLines({ ...chat, lastSent: well ? NOW : undefined }),
    },
    await lines.receiverSection(profile, async (id) => well || id.endsWith('2'), kind !== 'channel'),
  ];
  const now = kind === 'lost' ? new Date('2031-01-01T00:00:00Z') : NOW;
  return statusCard({
    ...{ at: AT, version: '0.1.0' },
    sections: [
      ...(kind === 'down' ? [] : conversations),
      lines.policySection(school, kind === 'lost' ? LOST : undefined, now),
      {
        title: 'Storage and links',
        lines: [
          lines.storageLine(storage),
          lines.linksLine(
            well ? 'https://policydesk.example.org' : kind === 'lost' ? 'http://127.0.0.1:3978' : undefined,
          ),
        ],
      },
    ],
    leftOut:
      kind === 'channel' ? 'Others read here, so names are left out: type “status” in our own chat to see them.' : null,
  });
}

/** What setting up says, and what is connected. */
export async function setupCards(school: School): Promise<Record<string, Card>> {
  const news = { name: 'Headteacher', school: school.profile.name, since: AT };
  return {
    'setup-notice-chosen': chosen({}),
    'setup-notice-chosen-standard': chosen({ type: 'standard', before: null }),
    'setup-notice-already': chosen({ isNew: false, since: AT, before: null, type: null }),
    'setup-notice-already-by-file': chosen({ isNew: false, before: null }),
    'setup-notice-chat': chosen({ part: 'governors_chat', before: 'Governors' }),
    'setup-notice-chat-already': chosen({ part: 'governors_chat', isNew: false, since: AT, before: null }),
    'setup-notice-lost': channelLostCard(news, 'removed'),
    'setup-notice-lost-unnamed': channelLostCard({ ...news, name: null }, 'refused'),
    'setup-notice-found': channelFoundCard(news, 'Thu 19 Nov 2026, 09:05'),
    status: await status(school, 'well'),
    'status-lost': await status(school, 'lost'),
    'status-channel': await status(school, 'channel'),
    'status-storage-down': await status(school, 'down'),
  };
}
