import { describe, expect, it } from 'vitest';
import { intentOf } from '../../src/policies/intent.js';

const kinds = (message: string) => {
  const intent = intentOf(message);
  return intent.kind === 'report' ? intent.category : intent.kind;
};

describe('reports', () => {
  it.each([
    ['a dad from y2 keeps sending me horrible messages on whatsapp', 'online_bullying'],
    ['I want to report that some year 5s have made a fake profile of their teacher', 'online_bullying'],
    ['one of our TAs is being trolled by parents on facebook', 'online_bullying'],
    ['a mum is slagging off the school on the village group', 'disparaging_post'],
    ['just seen a review calling our office staff useless', 'disparaging_post'],
    ['someone shared a picture of the class on their own insta without asking', 'other_breach'],
    ['i accidentally posted my dinner on the school account', 'other_breach'],
    ['a TA disclosed pupil names on facebook', 'other_breach'],
    ['my phone has gone missing and it has pupils pics on it since monday', 'other_breach'],
  ])('%s', (message, category) => {
    expect(kinds(message)).toBe(category);
  });
});

describe('reports behind a courtesy', () => {
  it.each([
    'thanks. a mum is slagging off the school on facebook',
    'ok a pupil told me on whatsapp he is being bullied',
    'no, a dad is harassing our TA on facebook',
    'Hi, hope you can help, a parent is threatening me online',
    'u there? parent threatening me',
    'Sunny in Y4 is being bullied on whatsapp',
  ])('%s', (message) => {
    expect(intentOf(message).kind).toBe('report');
  });
});

describe('a few words without a sentence', () => {
  it.each(['photos of pupils', 'pupil photos', 'former pupils', 'whatsapp groups'])('%s: a question', (message) => {
    expect(intentOf(message)).toEqual({ kind: 'question', urgent: false });
  });
});

describe('a child at risk comes before everything else', () => {
  it.each([
    'a girl told me she will kill herself if it gets out',
    'a man online says he will share her nudes if they dont pay',
    'pupil says her uncle touches her and she will be in trouble if anyone knows',
    'a pupil told me an older man is messaging her on snapchat',
    'hi, a boy in my class showed me a naked picture someone sent him',
    'she has posted that she wants to kill herself',
    'found indecent images on the ipad what do i do',
    'our football coach is texting one of the girls late at night',
    'a lad in year 9 has posted that he is going to shoot up the school',
    'she wrote in her google doc that nobody would even notice if she was gone forever',
    'stepdad locked him outside',
    'one of mine is off to meet a lad from snapchat tonight, he sounds about 30',
    'child disclosed abuse to me today',
    'worried about a child, mum is on drugs and she is hungry',
    'a kid showed his willy on teams',
    'i think a colleague is a paedophile',
    'fgm worry about a y6',
    'she wont eat and posts on pro ana sites',
    "he's not safe at home",
    'a pupil went missing last night after meeting someone off snapchat',
    'yr 9 lad being sent explicit stuff by a woman online',
    'pupil posted "i cant do this anymore goodbye"',
    'kids are doing a strangling challenge from tiktok',
  ])('%s', (message) => {
    expect(intentOf(message)).toEqual({ kind: 'report', category: 'child_safety' });
  });

  it.each([
    'what should I do if I find an indecent image on a laptop',
    'what happens if a child tells me they are being groomed',
  ])('%s: a question, with the advice beside the answer', (message) => {
    expect(intentOf(message)).toEqual({ kind: 'question', urgent: true });
  });
});

describe('questions', () => {
  it.each([
    'can i add an ex pupil on insta?',
    'what should i do if a parent is rude about me online',
    'someone left a nasty comment on our page, can i delete it',
    'a pupil keeps trying to follow me, do i accept',
    'who do i report online bullying to',
    'how do I report a post about the school?',
    'is it ok to post pics of the trip',
    'do we check peoples facebook before interviews',
    'what time does the car park close',
    'what do you do if a pupil sends you a friend request',
    'how are you meant to report online bullying',
    'can i use the testing account for posts',
    'is there guidance on extremism',
    'accepting friend requests from parents',
    'sharing photos of pupils on the school website',
    'following ex pupils on instagram',
    'is it safe to use whatsapp at home',
    'can i mention a pupils allergy or eating disorder in a post',
    'how do we keep children safe at home online',
  ])('%s', (message) => {
    expect(intentOf(message)).toMatchObject({ kind: 'question', urgent: false });
  });
});

describe('small talk', () => {
  it.each(['hi', 'Good morning!', 'thanks so much', 'ok cheers', 'are you a bot?', 'have a nice weekend', '👍', 'lol'])(
    '%s',
    (message) => {
      expect(kinds(message)).toBe('smalltalk');
    },
  );

  it('is not what only starts with a greeting', () => {
    expect(kinds('hi, can i post a photo of my class')).toBe('question');
    expect(kinds('thanks, and can I add parents on facebook?')).toBe('question');
  });
});
