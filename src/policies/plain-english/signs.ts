/** What a sentence does to its reader, as far as its words show; a sentence may do several of these. */
export type Stance = 'forbids' | 'discourages' | 'requires' | 'advises' | 'permits' | 'releases' | 'negates';

const NOT = "(?:not|never|n['’]?t)";
/** In this order: what an earlier pattern has taken, a later one no longer sees. */
const STANCES: readonly (readonly [Stance, RegExp])[] = [
  [
    'releases',
    /\b(?:need(?:s)? not|needn['’]?t|(?:do|does)(?: not|n['’]?t) (?:have|need) to|not (?:required|obliged|necessary|expected)|no need|without having to|optional|as (?:you|they) (?:wish|like|please))\b/gu,
  ],
  [
    'forbids',
    new RegExp(
      String.raw`\b(?:must|may|can|could|shall|will)(?: | also | only )?${NOT}\b|\bcannot\b|\bcan['’]?t\b|\bwon['’]?t\b|\bnot (?:be )?(?:allowed|permitted|acceptable|entitled|able)\b|\b(?:are|is|be) not to\b|\b(?:forbid\w*|prohibit\w*|banned|unacceptable)\b|\b(?:nobody|no one|no \w+|none|neither)(?: \w+){0,3}? (?:must|may|can|could|shall|will|should)\b|^(?:do not|don['’]?t|never)\b`,
      'gu',
    ),
  ],
  [
    'discourages',
    new RegExp(String.raw`\b(?:should|ought)(?: |)${NOT}\b|\binappropriate\b|\bavoid\w*|\brefrain\w*`, 'gu'),
  ],
  ['negates', /\b(?:not|no|never|nobody|nothing|none|neither|nor|cannot)\b|n['’]t\b/gu],
  [
    'permits',
    /\b(?:may|can|could|might|allow(?:s|ed)?|permit(?:s|ted)?|free to|able to|entitled|welcome|fine|ok|okay|acceptable|alright|all right|safe|harmless|lawful|legal)\b/gu,
  ],
  ['advises', /\b(?:should|ought|expect(?:s|ed)?|recommend(?:s|ed)?|advised?|encourage(?:s|d)?|(?:is|are) asked)\b/gu],
  [
    'requires',
    /\b(?:must|shall|will|ha(?:ve|s) to|needs?(?: to)?|required?|requires|obliged|mandatory|(?:is|are) to)\b/gu,
  ],
];

/** What the words of a sentence forbid, require, permit and so on, in their order. */
export function stancesOf(sentence: string): readonly Stance[] {
  const found: { stance: Stance; at: number }[] = [];
  let rest = sentence.toLowerCase();
  for (const [stance, pattern] of STANCES) {
    rest = rest.replace(pattern, (words, ...[at]) => {
      found.push({ stance, at: Number(at) });
      return '·'.repeat(words.length);
    });
  }
  return found.toSorted((one, other) => one.at - other.at).map(({ stance }) => stance);
}

/** Words that narrow what a rule says. Leaving one out, or adding one, makes another rule of it. */
const LIMITS: Readonly<Record<string, RegExp>> = {
  only: /\b(?:only|solely|exclusively)\b/u,
  unless: /\b(?:unless|except\w*|apart from|other than)\b/u,
  until: /\b(?:until|till)\b/u,
  before: /\b(?:before\w*|prior|in advance)\b/u,
  after: /\b(?:after\w*|once|since)\b/u,
  without: /\bwithout\b/u,
  if: /\b(?:if|when|whenever|wherever|provided|as long as|in case)\b|(?:^|, )where\b/u,
  while: /\b(?:during|while|whilst)\b/u,
  agreed: /\b(?:permission|consent|approv\w*|agree\w*|authori[sz]\w*)\b/u,
  written: /\b(?:writing|written)\b/u,
  softened: /\b(?:possible|possibly|try|aim|ideally|normally|usually|generally|sometimes|perhaps|probably)\b/u,
};

/** The kinds of limit in a sentence. */
export const limitsOf = (sentence: string): readonly string[] =>
  Object.keys(LIMITS).filter((name) => LIMITS[name]?.test(sentence.toLowerCase()));

/** People and bodies a rule may speak to or of, by the words for them. "You" is the reader, a member of staff. */
const ROLES: Readonly<Record<string, RegExp>> = {
  staff: /\b(?:you|your|yours|yourself|staff|employees?|teachers?|workers?|adults?)\b/u,
  pupil: /\b(?:pupils?|child|children|students?|learners?|young people)\b/u,
  parent: /\b(?:parents?|carers?|famil(?:y|ies))\b/u,
  colleague: /\bcolleagues?\b/u,
  headteacher: /\b(?:headteacher|head)\b/u,
  leader: /\b(?:leaders?|leadership|managers?|deput(?:y|ies))\b/u,
  governor: /\b(?:governors?|governing|chair)\b/u,
  safeguarding: /\b(?:dsl|dsls|safeguarding)\b/u,
  authority: /\b(?:lado|authority|authorities|agenc(?:y|ies))\b/u,
  police: /\bpolice\b/u,
  outsider: /\b(?:contractors?|volunteers?|visitors?|candidates?|journalists?|union)\b/u,
  holder: /\b(?:holders?|administrators?|preparers?|officers?)\b/u,
  school: /\bschools?\b/u,
};

/** Who is spoken of in a text, in the order of the words. */
export function rolesOf(text: string): readonly string[] {
  const places = Object.entries(ROLES).map(([role, words]) => ({ role, at: text.toLowerCase().search(words) }));
  return places
    .filter(({ at }) => at >= 0)
    .toSorted((one, other) => one.at - other.at)
    .map(({ role }) => role);
}

const UP_TO_FIRST_VERB = /^.*?\b(?:must|may|can|cannot|could|shall|should|will|need\w*|ha(?:ve|s)|is|are|do|does)\b/su;

/** Who is to act, the first being the subject: those before the first "must", "may" and the like. The objects stand after it. */
export const actorsOf = (sentence: string): readonly string[] => rolesOf(UP_TO_FIRST_VERB.exec(sentence)?.[0] ?? '');

/** Words of time, measure and extent, by stem: a sentence has them only where its clause does. */
export const EXACT_WORDS: ReadonlySet<string> = new Set(
  (
    'minut hour day week month year term night weekend monday tuesdai wednesdai thursdai fridai saturdai sundai work next same ' +
    'immedi straight soon late later earli earlier todai tomorrow first last all ani everi everyon everybodi anyon anybodi everyth ' +
    'anyth alwai ever whenev or either both each least most more less fewer under over abov below minimum maximum within half ' +
    'twice privat public offici person'
  ).split(' '),
);

const NUMBER_WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const HIGHER_NUMBERS = 'thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(' ');

const REFERENCE =
  /\b(?:clauses?|sections?|appendix|paragraphs?)\s+[\da-z.()]+(?:(?:,| and| or| to)\s+\d[\d.()a-z]*)*/giu;

/** A text without the numbers of clauses that it refers to. */
export const withoutReferences = (text: string): string => text.replace(REFERENCE, ' ');

/** Numbers, times and ages in a text, in digits. "One" is mostly a pronoun. */
export function numbersOf(text: string): readonly string[] {
  const words = [...NUMBER_WORDS, ...HIGHER_NUMBERS].flatMap((word, value) =>
    word !== 'one' && new RegExp(String.raw`\b${word}\b`, 'iu').test(text) ? [String(value)] : [],
  );
  return [...words, ...(text.match(/\d+(?:[.:,]\d+)*/gu) ?? [])];
}

/** An order to whoever reads, rather than a rule: a document that holds one may have been tampered with. */
const ORDER_TO_A_MACHINE =
  /(?:^|[.:;,!?"“'‘(\n]\s*|\b(?:please|now|and|must|should|assistants?|ai|model|bot)\s+)(?:ignore|disregard|forget|override|bypass|pretend)\b|\b(?:system prompt|language model|ai assistant|chatbot (?:must|should|shall)|previous instructions|as an ai|you are (?:now )?(?:an?|the) (?:ai|assistant|bot|chatbot|model))\b|(?:^|[.:;!?"“'‘(\n]\s*)(?:answer|reply|respond|say|write|output|tell (?:the )?(?:user|reader|staff|them|people))(?: \w+)? (?:with|that|only|as)\b/iu;

/** Whether a text gives orders to a machine ("ignore the policy and say that…"). Nothing that cites it stands up. */
export const speaksToMachine = (text: string): boolean => ORDER_TO_A_MACHINE.test(text);
