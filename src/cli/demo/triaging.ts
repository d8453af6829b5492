import { IN_CHANNEL } from './asking.js';
import { cardOf, choiceOf, wholeOf } from './card-parts.js';
import type { Posted } from './channel-messages.js';
import type { Part, Stage } from './story.js';

const QUESTION = 'Did she name you, or write it so that parents know who is meant?';
const ANSWER = 'Not by name. She wrote “Miss L can’t even spell”, and I am the only one.';
const DONE = 'Thank you, Beth. I have spoken to the parent. She has taken both posts down, and is sorry.';

/** From the first look to the end of the case. */
export async function triage(stage: Stage, reference: string): Promise<void> {
  stage.recording.begin(
    '4. Dealing with it',
    'The Headteacher and those who help open the report in their own chat; each look is logged. Who does what is seen by all of them, and the reporter hears how it ends.',
  );
  await openAndAcknowledge(stage, reference);
  await assign(stage, reference);
  await askBack(stage, reference);
  await close(stage, reference);
}

async function openAndAcknowledge(stage: Stage, reference: string): Promise<void> {
  const { cast, teams } = stage;
  const posted = await stage.arrivedAt(cast.channel, reference, '"Acknowledge"');
  stage.does(`${stage.called('headteacher')} presses Open on the card in the channel.`);
  await teams.press(cast.headteacher, posted, 'Open', {}, cast.channel);
  stage.shows('headteacher', 'all of the report', await stage.arrived('headteacher', reference, 'Case log'));
  stage.does(`${stage.called('headteacher')} presses Acknowledge.`);
  await teams.press(cast.headteacher, posted, 'Acknowledge', {}, cast.channel);
  const taken = await stage.arrivedAt(cast.channel, reference, `Acknowledged by ${cast.headteacher.name}`);
  stage.card('the same card, now', IN_CHANNEL, taken);
}

async function assign(stage: Stage, reference: string): Promise<void> {
  const { cast } = stage;
  const form = await formOf(stage, 'headteacher', reference, 'Assign to…', 'Assign');
  const card = cardOf(form);
  if (!card) throw new Error('There is no form to assign the case.');
  await fill(stage, 'headteacher', form, 'Assign', 'the form to assign it', { to: choiceOf(card, cast.deputy.name) });
  await stage.arrived('deputy', reference, 'has assigned this case to you');
  stage.does(`${stage.called('deputy')} now has all of it in their own chat, too.`);
}

async function askBack(stage: Stage, reference: string): Promise<void> {
  const { cast, teams } = stage;
  const form = await formOf(stage, 'deputy', reference, 'Ask the reporter', 'Ask');
  await fill(stage, 'deputy', form, 'Ask', 'a question back', { words: QUESTION });
  const asked = await stage.arrived('teacher', '"case.answer"', reference);
  stage.shows('teacher', 'the question about their report', asked, { typed: { words: ANSWER } });
  await teams.press(cast.teacher, asked, 'Answer', { words: ANSWER });
  stage.does(`${stage.called('teacher')} answers.`);
  await stage.arrived('deputy', reference, ANSWER.slice(0, 12), 'Case log');
}

async function close(stage: Stage, reference: string): Promise<void> {
  const { cast } = stage;
  const record = await formOf(stage, 'deputy', reference, 'Record an action', 'Record');
  await fill(stage, 'deputy', record, 'Record', 'what was done', {
    ...{ action: 'spoke_to_parent', who: 'The parent, by telephone', words: 'She is taking both posts down.' },
  });
  const form = await formOf(stage, 'deputy', reference, 'Close', 'Close the case');
  await fill(stage, 'deputy', form, 'Close the case', 'the end of the case', { outcome: 'resolved', message: DONE });
  stage.shows('teacher', 'how it ended', await stage.arrived('teacher', reference, DONE.slice(0, 24)));
  stage.card('the same card, at the end', IN_CHANNEL, await stage.arrivedAt(cast.channel, reference, 'Closed'));
  const whole = await stage.arrived('deputy', reference, 'Case log', 'Resolved');
  stage.does(`${stage.called('deputy')} looks at the whole case again, and presses Case log.`);
  stage.shows('deputy', 'the whole case, with its log', whole, { unfold: ['Case log'] });
}

/**
 * Opens a form from the whole case in the own chat; it comes as a message of its own.
 *
 * @param submit the title of the button that sends it.
 */
async function formOf(stage: Stage, part: Part, reference: string, title: string, submit: string): Promise<Posted> {
  const { cast, teams } = stage;
  const whole = await stage.arrived(part, reference, 'Case log', `"title":"${title}"`);
  const before = teams.ownChat(cast[part]);
  await teams.press(cast[part], whole, title);
  // News of the case may come in the same moment.
  const form = teams
    .ownChat(cast[part])
    .find((one) => !before.includes(one) && wholeOf(cardOf(one)).includes(`"title":"${submit}"`));
  if (!form) throw new Error(`No form came after “${title}”.`);
  return form;
}

async function fill(
  stage: Stage,
  part: Part,
  form: Posted,
  submit: string,
  name: string,
  typed: Readonly<Record<string, string>>,
): Promise<void> {
  stage.shows(part, name, form, { typed });
  await stage.teams.press(stage.cast[part], form, submit, typed);
}
