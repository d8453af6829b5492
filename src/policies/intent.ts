import type { Category } from './category.js';

/** What a person wants who typed something. */
export type Intent =
  | { readonly kind: 'smalltalk' }
  /** `urgent`: the question speaks of a child at risk, so the advice for that is shown along with the answer. */
  | { readonly kind: 'question'; readonly urgent: boolean }
  | { readonly kind: 'report'; readonly category: Category };

const CHILD =
  '(?:child(?:ren|s)?|kid(?:s|die|dies)?|pupils?|students?|girls?|boys?|lads?|lass(?:es)?|little ones?|teen(?:ager)?s?|minors?|under ?(?:age|1[0-8]s?)|y(?:ea)?r? ?[r1-9]s?|ks ?[12]|reception(?: child)?)';
const STRANGER = String.raw`(?:strangers?|man|men|bloke|adult|grown[ -]?up|older (?:boy|man|lad|guy|person|woman)|someone (?:she|he|they) (?:met|doesnt know|dont know|does not know)|coach|predator|paedo\w*|pedo\w*)`;

/** Signs that a child may be at risk or that an indecent image is involved. Better one too many than one too few. */
const RISK: readonly RegExp[] = [
  /\b(?:indecent|nudes?|naked|topless|sext\w*|sexual\w*|porn\w*|explicit|underwear|bra|knickers|upskirt\w*|dick ?pics?|sextort\w*|no (?:top|clothes|shirt)(?: on)?|top off|clothes off|get(?:ting)? undressed)\b/u,
  /\b(?:groom(?:ed|ing|er)|rape[ds]?|raping|molest\w*|abused|trafficked|county lines|radicalis\w*|extremis\w*)\b/u,
  /\b(?:self[ -]?harm\w*|suicid\w*|overdos\w*|kill(?:ing)? (?:her|him|them|my)(?:self|selves)|(?:hurt|harm|cut)(?:ing|ting|s)? (?:her|him|them)(?:self|selves)|end (?:it all|her life|his life|their life)|(?:want\w*|wish\w*) (?:to die|(?:she|he|they) (?:was|were) dead))\b/u,
  /\b(?:meet(?:ing)?(?: up)?(?: with)? (?:her|him|them|up)|meet (?:her|him|them)|meeting up)\b/u,
  /\b(?:blackmail\w*|being threatened with|knife|gun|stab\w*|run(?:ning)? away)\b/u,
  /\b(?:hits?|hitting|beats?|beating|hurts?|hurting|touch(?:es|ed|ing)) (?:her|him|them|me) (?:at home|there|again)\b/u,
];
const CONTACT_RISK: readonly RegExp[] = [
  new RegExp(
    String.raw`\b${CHILD}\b.*\b(?:messag\w*|dm\w*|snap\w*|chat\w*|talk\w*|text\w*|contact\w*|pics?|pictures?|photos?|gifts?|money)\b.*\b${STRANGER}\b`,
    'u',
  ),
  new RegExp(
    String.raw`\b${STRANGER}\b.*\b(?:messag\w*|dm\w*|snap\w*|chat\w*|talk\w*|text\w*|contact\w*|follow\w*|met|meet\w*|ask\w*|comment\w*)\b.*\b${CHILD}\b`,
    'u',
  ),
  new RegExp(
    String.raw`\b(?:private(?:ly)?|late at night|secret(?:ly)?|flirt\w*)\b.*\b(?:messag\w*|dm\w*|snap\w*|chat\w*|text\w*|with)\b.*\b${CHILD}\b`,
    'u',
  ),
  new RegExp(
    String.raw`\b${CHILD}\b.*\b(?:home address|where (?:she|he|they) lives?|phone number)\b.*\b(?:public|strangers?|online|post\w*|tiktok|insta\w*)\b`,
    'u',
  ),
  new RegExp(
    String.raw`\basked (?:her|him|them|a ${CHILD}) (?:to send|for) (?:a )?(?:pics?|pictures?|photos?|selfies?)\b`,
    'u',
  ),
];

/** Words for an event that somebody suffers or causes; without one, a plain statement is taken for a question. */
const BULLYING: readonly RegExp[] = [
  /\b(?:bull(?:y|ied|ies|ying)|cyber ?bull\w*|harass\w*|troll\w*|stalk\w*|intimidat\w*|threat(?:s|en\w*)?|abusive|abuse|vile|horrible|horrid|nasty|hateful|racist|homophobic|sexist|cruel|spiteful|hounding|humiliat\w*|body ?sham\w*|blackmail\w*)\b/u,
  /\b(?:(?:take|taking|took) the (?:mick|mickey|p\w+)|mocking|making fun|laugh\w* at|picking on|picked on|gang\w* up|get\w* at me|got at|leave me alone|wont stop|in tears|pile[ -]?on|ridicul\w*|impersonat\w*|pretending to be (?:me|her|him))\b/u,
  /\bfake (?:\w+ ){0,2}(?:account|profile|page|tiktok|insta\w*|facebook|snap\w*|of (?:me|her|him))|\b(?:set|sets|setting) up (?:a |an )?(?:fake|group|page|account)\b.*\b(?:of|about|to)\b/u,
  /\bkeeps? (?:on )?(?:sending|messaging|texting|calling|tagging|posting|commenting|ringing|dm\w*)\b/u,
];
const DISPARAGING: readonly RegExp[] = [
  /\b(?:slag\w*|slat(?:ed|ing)|rubbish\w*|rip(?:ped|ping) into|bad ?mouth\w*|run\w* (?:us|the school|her|him|them) down|running (?:the |our )?school down|trash(?:ed|ing)|dissing|moan\w*|rant\w*|ranted|defam\w*|libel\w*|slander\w*|disparag\w*|derogatory|lies about|lying about|rumou?rs?|gossip\w*|criticis\w*|complain\w* about)\b/u,
  /\b(?:useless|a joke|rubbish|disgrace\w*|shambles|incompetent|cant teach|cannot teach|can not teach|failing|wants? sacking|should be sacked|worst school|shocking|pathetic|appalling|one star|1 star|bad review|nasty review|negative review|name and shame|naming and shaming|rude (?:post|comment|about|things?))\b/u,
];
const BREACH: readonly RegExp[] = [
  /\b(?:without (?:asking|permission|consent)|never signed|no consent|not signed|hasnt (?:signed|given)|shared|leaked|posted|put (?:up )?(?:pics?|pictures?|photos?|a photo|a pic)|put (?:my|her|his) .* on|tweeted|uploaded|got a (?:photo|pic\w*) up|livestream\w*|filmed|using our (?:school )?(?:logo|name|badge)|used (?:his|her|their|the) (?:first |full |real )?name|given .* password|password to|on (?:facebook|her phone|his phone|tiktok|insta\w*) (?:all )?(?:through|during|in) (?:lessons?|class)|messed up|by mistake|by accident|accidentally|wrong account|hacked|breach\w*|broke(?:n)? the (?:rules|policy)|friends with (?:a |her |his )?(?:pupil|pupils|year)|added (?:a |her |his )?pupils?)\b/u,
];

const EXPLICIT_REPORT =
  /\b(?:(?:need|want|wish|like|have|got) to (?:report|flag|log|raise|make a report|make a complaint|complain|let you know|tell (?:you|someone|somebody))|(?:id|i would) like to (?:report|flag|log|raise)|i(?:m| am) reporting|reporting (?:a|an|that|this|someone|my)|^report(?:ing)?\b(?! card)|want (?:it|this|that) (?:logged|reported|recorded|dealt with|looked into)|need to let you know|thought (?:someone|somebody|you) should know|needs? looking (?:at|into)|(?:someone|somebody) needs to (?:have a word|know|look|do something|deal)|can i report (?:this|that|a|an|someone|my))\b/u;

const HYPOTHETICAL =
  /\b(?:hypothetical\w*|(?:what|who|how|whats?|where|when) (?:should|do|would|shall|does|must|can|happens?|is|are|if|the)\b.{0,60}\b(?:if|when|where)|what if|what happens (?:if|when)|in case|suppose|supposing|if (?:a|an|any|anyone|someone|somebody|one|i|we|staff|they|you|there|theres|the|indecent|online|my|our|it)\b|procedure|policy on|policy say|rules? (?:on|for|about)|definition|allowed to|whats the (?:rule|policy|process|procedure))\b/u;

/** A clause of the message that asks: it starts like a question, ends like one, or asks for leave. */
const ASKS =
  /(?:^|[,.;:!?–—-]\s*|\b(?:so|and|but|then|or|hi|hiya|hello|pls|please|just wondering|wondering|tell me|know) )(?:(?:what|who|hows?|how|when|where|why|which|whos|whose|whats|whens|wheres|can|could|may|do|does|did|is|are|am|should|shd|shud|shall|will|would|must|has|have (?:i|we|you)|any (?:advice|rules?|idea|guidance|chance)|anything i|need i|dare i)\b(?! (?:keeps?|has just|is being))|(?:is it |its |it )?(?:ok|okay|alright|allowed|fine|aloud) (?:if|to|for|that|or)\b)/u;
const ASKS_AT_END =
  /\?\s*\W*$|\b(?:or not|right|isnt it|cant i|can i|shd i|should i|do i|am i|is it|innit|ok|okay|allowed|what now|problem)\s*\W*$/u;

const SMALLTALK: readonly RegExp[] = [
  /^(?:hi+|hiya+|hey+|hello+|helo|yo|morning|afternoon|evening|good (?:morning|afternoon|evening|day)|alright|howdy|greetings|hey up|ey up)(?: (?:there|all|bot|again|mate|policy desk|u there|you there|you|everyone|team|x+))*(?: (?:u|you) (?:there|ok|alright))?$/u,
  /^(?:(?:ok|okay|great|lovely|brilliant|perfect|ah|oh|aww?|haha+|cool|right|nice|fab|super|amazing|wonderful|excellent|yes|no|nope|yep|yeah|nah|sure) )*(?:thanks?|thank you|thankyou|thx|ta|tar|cheers|much appreciated|appreciated|nice one|great stuff|good stuff|got it|understood|will do|all good|no worries|no problem|ok|okay|great|lovely|brilliant|perfect|cool|fab|amazing|wonderful|excellent|yes|no|nope|yep|yeah|sure)\b.{0,45}$/u,
  /^(?:bye+|goodbye|good ?night|night|see (?:you|ya|u)\b.*|ta ?ra|laters?|cya|take care|have a (?:good|nice|great|lovely)\b.*|enjoy your\b.*|happy \w+|merry \w+)(?: .{0,25})?$/u,
  /^(?:haha+|lol+|lmao|hehe+|ha)\b.{0,60}$/u,
  /\b(?:are you (?:a |an )?(?:real|human|bot|robot|person|ai|computer|there|ok|still there|chatgpt)|who (?:are|made|built) you|what are you|whats your name|how are (?:you|u)|hows it going|how you doing|what can (?:you|u) (?:do|help|answer)|what do you do|how (?:do|does) (?:you|this|this bot) work|what else can you|youre (?:quick|fast|clever|great|good|brilliant|funny|a star|a lifesaver|very helpful)|you there|tell me a joke|good bot|is this a bot|am i talking to|who am i (?:talking|speaking) to|can you help(?: me)?$|^help$|testing|^test$)\b/u,
];
const LONGEST_SMALLTALK_WORDS = 12;

/**
 * Tells a report from a question from small talk, and names a report's category.
 * Something that has happened to someone is a report; "what should I do if…" is a question, even about the worst.
 * A child at risk or an indecent image wins over every other reading.
 */
export function intentOf(message: string): Intent {
  const text = normalise(message);
  const risk = RISK.some((sign) => sign.test(text)) || CONTACT_RISK.some((sign) => sign.test(text));
  const hypothetical = HYPOTHETICAL.test(text);
  const asks = ASKS.test(text) || ASKS_AT_END.test(text);
  const explicit =
    EXPLICIT_REPORT.test(text) && !/\b(?:how|who|where|when) (?:do|should|can|shd|would|to)\b/u.test(text);
  if (risk && (explicit || !hypothetical))
    return isAboutConduct(text, asks, explicit)
      ? { kind: 'question', urgent: true }
      : { kind: 'report', category: 'child_safety' };
  if (isSmalltalk(text)) return { kind: 'smalltalk' };
  const category = categoryOf(text);
  if (explicit) return { kind: 'report', category: category ?? 'other_breach' };
  if (category !== undefined && !asks && !hypothetical) return { kind: 'report', category };
  return { kind: 'question', urgent: risk };
}

/** Lower case, plain apostrophes dropped, white space folded. */
const normalise = (message: string): string =>
  message
    .toLowerCase()
    .normalize('NFKC')
    .replace(/['’‘`]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();

/** "Can I follow a pupil back?" asks about one's own conduct, and nothing in it has happened to a child. */
function isAboutConduct(text: string, asks: boolean, explicit: boolean): boolean {
  const happened =
    /\b(?:just|told|said|says|saw|seen|found|showed|shown|been|has|sent|asked|sending|met|disclosed|worried|scared|posted|getting|wants?)\b/u.test(
      text,
    );
  return asks && !explicit && !happened;
}

const isSmalltalk = (text: string): boolean => {
  const plain = text.replace(/[^\p{L}\p{N}\s]/gu, '').trim();
  return (
    plain === '' || (plain.split(' ').length <= LONGEST_SMALLTALK_WORDS && SMALLTALK.some((form) => form.test(plain)))
  );
};

function categoryOf(text: string): Category | undefined {
  const speaks = (signs: readonly RegExp[]) => signs.filter((sign) => sign.test(text)).length;
  const bullying = speaks(BULLYING);
  const disparaging = speaks(DISPARAGING);
  if (bullying === 0 && disparaging === 0) return speaks(BREACH) > 0 ? 'other_breach' : undefined;
  return disparaging > bullying ? 'disparaging_post' : 'online_bullying';
}
