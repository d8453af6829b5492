import { describe, expect, it } from 'vitest';
import { asksForStatus, partAskedFor } from '../../src/teams/setup-words.js';

describe('words that set up', () => {
  it.each([
    'use this channel for reports',
    'Use this channel for reports.',
    'please use this channel for the reports',
    'use this channel for all reports, please',
    'use this channel for reports to the Headteacher',
    'use this channel for reporting',
    'make this channel the reports channel',
    'make this the reports channel',
    'set this channel as the channel for reports',
    'send reports to this channel',
    'send reports here',
    'post all new reports in this channel',
    'reports go here',
    'can you use this channel for reports?',
    'use this chat for reports',
  ])('“%s”: the channel for reports', (words) => {
    expect(partAskedFor(words)).toBe('headteacher_channel');
  });

  it.each([
    'use this chat for governors’ summaries',
    "use this chat for governors' summaries",
    'use this chat for governors summaries',
    "Use this group chat for the governors' summaries please",
    "use this chat for the governor's summaries",
    'use this group for the governors’ termly summary',
    'use this chat for governors’ reports',
    'use this chat for summaries to governors',
    'use this chat for the summaries',
    'send governors’ summaries here',
    'make this the governors’ chat',
    'use this channel for governors’ summaries',
  ])('“%s”: the governors’ chat', (words) => {
    expect(partAskedFor(words)).toBe('governors_chat');
  });

  it.each([
    'can we use this channel for reports about pupils?',
    'who can use this channel for reports?',
    'report',
    'my reports',
    'a parent reports here that somebody posted a picture of our school',
    'use this channel for questions',
    'use this channel for reports and for the staff party',
    'do not use this channel for reports',
    'can governors post in this chat',
    'send the picture to this channel',
    'may I send reports to parents here',
    'use this channel',
    '',
  ])('“%s”: nothing of the kind', (words) => {
    expect(partAskedFor(words)).toBeUndefined();
  });

  it.each([
    'status',
    'Status?',
    '/status',
    'show me the status',
    'what is connected',
    'what’s connected?',
    'is everything connected?',
  ])('“%s”: the status', (words) => {
    expect(asksForStatus(words)).toBe(true);
  });

  it.each(['what is the status of my report', 'status update for parents', 'can I post my relationship status'])(
    '“%s”: not the status',
    (words) => {
      expect(asksForStatus(words)).toBe(false);
    },
  );
});
