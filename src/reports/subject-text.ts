import { timeAt } from '../schools/time.js';
import { ANOTHER_PERSON, THEIR_ADDRESS, THEIR_NUMBER } from './mask-others.js';
import type { Finding, Search } from './subject-access.js';

/** What was looked through. */
export interface Looked {
  readonly cases: number;
  readonly questions: number;
  /** Cases that cannot be read as they were kept. */
  readonly unreadable: number;
}

/** Where the law says what need not, or must not, be disclosed. What it says is told in short, for people who then look it up. */
export const EXEMPTIONS: readonly string[] = [
  'Other people: article 15(4) UK GDPR, and paragraph 16 of Schedule 2 to the Data Protection Act 2018. What tells of somebody else too need not be given without their agreement, unless it is reasonable to give it all the same. Paragraph 17 takes it to be reasonable for certain people who work in education, as to what they did or wrote in that work; so names of staff that are masked here may have to be put back.',
  'Who reported it, or gave information in confidence: weigh it under paragraph 16, whatever the report itself says of who may see the name.',
  'Crime: paragraph 2 of Schedule 2. What would be likely to prejudice the prevention or detection of crime, or the prosecution of offenders, need not be given for as long as that holds. Ask the police first where they are involved.',
  'Safeguarding: paragraph 19 of Schedule 3 (education data; likely to cause serious harm to the physical or mental health of anybody), paragraph 5 (the same for health data; a health professional’s opinion is needed first, paragraph 6), paragraph 11 (social work data) and, where a parent asks on behalf of a child, paragraph 21 (child abuse data; where giving it would not be in the child’s interests). Ask the designated safeguarding lead, and the LADO where one advised.',
  'Legal advice and proceedings: paragraph 19 of Schedule 2 (legal professional privilege), and paragraph 5(3) (needed for legal proceedings, advice or rights).',
  'References given in confidence for work or training: paragraph 24 of Schedule 2. Negotiations with the person: paragraph 23.',
];

const MEANING = [
  'This is a DRAFT. A person has to read every line of it, against the cases themselves, before anything is disclosed.',
  'CERTAIN means: found by the person’s id in Microsoft Entra. POSSIBLE means: found by name alone. Others may have the same name; leave out what is not about the person.',
  `Other people are masked: ${ANOTHER_PERSON}, ${THEIR_NUMBER}, ${THEIR_ADDRESS}. Too much is masked in places, and too little where a name was written without a capital, is misspelt, or where somebody can be told from what is said of them ("her sister in Year 4"). Who reported a case is masked unless it is the person themselves.`,
  'Files are not in here. Each is listed with its number and SHA-256; look at it (npm run export -- --case PD-…), and mask others before it is given.',
  'Where only a passage names the person, only that passage stands here. The case may say more about them without the name.',
];

const NOT_SEARCHED = [
  'Certificates of deleted cases: there is no personal data in them.',
  'What lies outside Policy Desk: messages in Teams itself, the reporter’s OneDrive, exports and prints that were handed over, the safeguarding system, and copies of all of these in backups.',
];

/** What stands above everything found. Plain text; nobody can type a line that looks like one of these. */
export function headOfText({ subject, profile, ids }: Search, made: Date): string {
  const unsure = ids.filter(({ sureness }) => sureness === 'possible').length;
  const hint =
    'school.yaml has somebody of this name. What was found by their id is marked as possible; with --id it is certain.';
  return [
    headline('What Policy Desk holds on a person: draft', '='),
    `For a subject access request (article 15 UK GDPR). To be answered within one month of the request (article 12).`,
    '',
    `School:   ${profile.name}`,
    `Searched: ${[subject.name, ...subject.also].join('; ')}${subject.personId === null ? '' : `; id ${subject.personId}`}`,
    `Made:     ${timeAt(made, profile.timeZone)}`,
    ...(unsure > 0 ? ['', hint] : []),
    '',
    headline('Before you use this', '-'),
    ...MEANING.map(item),
    '',
    headline('Exemptions to think of', '-'),
    'Each is decided for each passage, by the school or trust with its data protection officer, and the reason noted.',
    ...EXEMPTIONS.map(item),
    '',
  ].join('\n');
}

/** @param number of the finding, from 1. */
export function findingInText({ title, sureness, reasons, parts, files }: Finding, number: number): string {
  return [
    '',
    headline(`${number}. ${title} (${sureness.toUpperCase()})`, '-'),
    ...reasons.map((reason) => `* ${reason.sureness}: ${reason.how}`),
    ...parts.flatMap(({ heading, lines }) => ['', `${heading}:`, ...lines.map(quoted)]),
    ...(files.length > 0
      ? ['', 'Files to look at:', ...files.map(({ about, sha256 }) => quoted(`${about}; SHA-256 ${sha256}`))]
      : []),
    '',
  ].join('\n');
}

/** What stands below everything found. */
export function endOfText({ doubtful }: Search, found: number, { cases, questions, unreadable }: Looked): string {
  return [
    '',
    headline('How it was searched', '-'),
    item(
      `Found: ${found}. Looked through: ${cases} cases, ${questions} questions, and all drafts, questions to the Headteacher, summaries and entries of the directory.`,
    ),
    ...(unreadable > 0
      ? [
          item(
            `Cases that cannot be read as they were kept, and were not searched: ${unreadable}. npm run verify names them.`,
          ),
        ]
      : []),
    item(
      `Parts of the name that were not taken for the person: ${doubtful}. They are everyday words, or stand beside a part of another name. Names that people shorten or misspell are found only with --also.`,
    ),
    ...NOT_SEARCHED.map((what) => item(`Not searched: ${what}`)),
    '',
  ].join('\n');
}

const headline = (words: string, line: string): string => `${words}\n${line.repeat(words.length)}`;
const item = (words: string): string => `* ${words}`;

/** Behind a bar and on one line. */
const quoted = (line: string): string => `  | ${line.replace(/\s*[\n\r\u2028\u2029]\s*/gu, ' / ')}`;
