/**
 * The words by which a message is known for a report, a question or small talk: knowledge, kept apart from the rules in
 * `intent.ts`. Messages are matched in lower case without apostrophes, so "doesn't" stands here as "doesnt".
 * A sign is a phrase in the form of a regular expression; `…` stands for any ending of a word.
 */
const anyOf = (...phrases: readonly string[]): RegExp =>
  new RegExp(`\\b(?:${phrases.join('|').replaceAll('…', '\\w*')})\\b`, 'u');

const CHILD = anyOf(
  'child(?:ren|s)?|kid(?:s|die|dies)?|pupils?|students?|minors?|little ones?|teen(?:ager)?s?|under ?(?:age|1[0-8]s?)',
  'girls?|boys?|lads?|lass(?:es)?|y(?:ea)?r? ?[r1-9]s?|ks ?[12]|reception(?: child)?',
);
const UNKNOWN_ADULT = anyOf(
  'strangers?|man|men|bloke|grown[ -]?ups?|adults?|older (?:boy|man|lad|guy|person|woman|one)|predator|paedo…|pedo…|coach',
  '(?:she|he|they) (?:doesnt|dont|does not|do not) know|(?:she|he|they) met (?:on|online|in a game)',
);
const CONTACT = anyOf(
  'messag…|dm…|snap…|chat…|talk…|text…|contact…|follow…|met|meet…|ask…|comment…|add(?:s|ed|ing)?',
  'pics?|pictures?|photos?|gifts?|money',
);

/** Signs that a child may be at risk or that an indecent image is involved. Better one too many than one too few. */
const RISK: readonly RegExp[] = [
  anyOf(
    'indecent|nudes?|naked|topless|sext…|sexual…|porn…|explicit (?:images?|photos?|pics?|pictures?|videos?|content|messages?|selfies?|stuff|things)|underwear|bra|knickers|upskirt…|dick ?pics?|sextort…',
    'no (?:top|clothes|shirt)|(?:top|clothes|shirt) off|get(?:ting)? undressed',
  ),
  anyOf('groom(?:ed|ing|er)|rap(?:e|ed|ing)|molest…|abused|trafficked|county lines|radicalis…'),
  anyOf(
    'self[ -]?harm…|suicid…|overdos…|kill(?:s|ing)? (?:her|him|them|my)(?:self|selves)',
    '(?:hurt|harm|cut)(?:ing|ting|s)? (?:her|him|them)(?:self|selves)',
    'end (?:it all|her life|his life|their life)|want… to die|wish… (?:she|he|they) (?:was|were) dead',
    'cut(?:s|ting)? (?:on|up|down) (?:her|his|their|my)|cuts on|dont want to be here|doesnt want to be here|not want to (?:be here|live)',
    'goodbye everyone|chok(?:e|es|ing)|strangl…|marks on (?:her|his|their)|starving (?:her|him|them)sel…',
  ),
  anyOf('meet(?:ing)?(?: up)?(?: with)? (?:her|him|them|up)|meeting up|run(?:ning)? away'),
  anyOf('shoot(?:ing)? up|school shoot…|bomb(?:s|ed|ing)?|blow(?:ing)? (?:\\w+ ){0,3}up|blowing things up|massacre'),
  anyOf('blackmail…|(?:a|his|her|the) (?:knife|gun)|stab(?:bed|bing)? (?:her|him|me|them|someone|a )'),
  anyOf(
    '(?:hits?|hitting|beats?|beating|hurts?|hurting|touch(?:es|ed|ing)|punch…|kick(?:s|ed|ing)) (?:her|him|them|my child)',
    '(?:getting|being|been|gets) (?:hurt|hit|beaten|touched|abused|followed)|hurt at home|scared (?:to go|of going) home',
  ),
  anyOf(
    '(?:rude|dirty|private) (?:pics?|pictures?|photos?|videos?|images?)|in the (?:bath|shower)|(?:her|his|their) gorgeous',
    'sen(?:d|ds|t) (?:her |him |them )?(?:more|another)|not to tell|keep (?:it|this) (?:a )?secret|our (?:little )?secret',
  ),
  anyOf('(?:too|over(?:ly)?) (?:friendly|familiar|close)(?: w(?:ith)?)? (?:an? |the |one of )\\w+'),
  anyOf('ask… (?:her|him|them|the child|a child) (?:to send|for) (?:a |some )?(?:pics?|pictures?|photos?|selfies?)'),
  anyOf(
    'willy|willies|penis|genitals?|(?:his|her|their|my|mans|your) (?:private parts?|privates|boobs?|breasts?)|masturbat…|flash(?:ed|ing) (?:him|her)self',
    'fgm|genital mutilation|forced marriages?|forced to (?:marry|get married)|hono(?:u)?r based',
    '(?:is|are|hes|shes|theyre|be|being) an? (?:paedo…|pedo…|nonce|sex offender)|nonces? (?:in|at) (?:our|the)',
  ),
  anyOf(
    '(?:isnt|arent|not|un) ?(?:being |feel(?:ing)? )?safe (?:at home|with (?:her|his|their))|(?:hits|hitting|beats|beating) (?:her|his|their|the) (?:mum|mother|kids?|child…|daughter|son)',
    '(?:child|kid|pupil|student|girl|boy|lad|she|he)s? (?:has |have |had )?(?:went|gone|been|going|goes) missing',
    'anorexi…|bulimi…|pro[ -]?ana|(?:she|he|they|child|girl|boy|pupil) (?:wont|has stopped|isnt|is not) eat(?:ing)?',
  ),
];

/** Signs that mean risk only together, and only with a child. */
const RISK_TO_CHILD: readonly (readonly RegExp[])[] = [
  [UNKNOWN_ADULT, CONTACT],
  [CONTACT, anyOf('private(?:ly)?|late at night|secret(?:ly)?|flirt…')],
  [anyOf('address|where (?:she|he|they) lives?|phone number'), anyOf('public|strangers?|online|post…|tiktok')],
  [anyOf('drugs|weed|knives|county lines|gangs?'), anyOf('carry…|sell…|deal…|hold…|used to|made to|forced')],
  [anyOf('disclosed (?:\\w+ ){0,2}to (?:me|us|my)|ma(?:de|king) an? (?:\\w+ )?disclosure|disclos… (?:\\w+ )?abuse')],
  [
    anyOf('posted|wrote|written|put|sent|sa(?:ys|id)'),
    anyOf('cant (?:do|take|cope with) (?:this|it) any ?more|goodbye'),
  ],
  [anyOf('hungry|not (?:being )?fed|neglected|(?:mum|dad|mother|father|stepdad|parents?) (?:is|are) on drugs')],
  [UNKNOWN_ADULT, anyOf('carry…|deliver…|drop…|new phone|new trainers|cash|vape…|drugs?|weed')],
];

export const speaksOfRisk = (text: string): boolean =>
  RISK.some((sign) => sign.test(text)) ||
  (CHILD.test(text) && RISK_TO_CHILD.some((signs) => signs.every((sign) => sign.test(text))));

/** Words for what somebody suffers; each group counts once. */
export const BULLYING: readonly RegExp[] = [
  anyOf(
    'bull(?:y|ied|ies|ying)|cyber ?bull…|harass…|troll…|stalk…|intimidat…|threat(?:s|en…)?|abusive|abuse|humiliat…|hounding',
    'vile|horrible|horrid|nasty|hateful|racist|homophobic|sexist|cruel|spiteful|body ?sham…|blackmail…',
  ),
  anyOf(
    '(?:take|taking|took) the (?:mick|mickey|p\\w+)|mocking|making fun|laugh… at|pick(?:ing|ed) on|gang… up|pile[ -]?on',
    'get… at me|got at|leave me alone|wont stop|in tears|ridicul…|impersonat…|pretending to be (?:me|her|him)',
  ),
  anyOf(
    'fake (?:\\w+ ){0,2}(?:account|profile|page|tiktok|insta…|facebook|snap…)|fake (?:\\w+ ){0,2}of (?:me|her|him)',
    '(?:set|sets|setting) up (?:a |an )?(?:fake|group|page|account) .*(?:of|about|to)',
  ),
  anyOf(
    'nobody likes|hate (?:her|him|them|me|\\w+ and)|we hate|to shame|shaming|having digs|digs at|wind(?:ing|s)? (?:her|him|me|them) up|weirdo|snitch|smells',
    'or else|you should quit|kicked out of every|left out of|watching (?:me|her|him)|get out of our school|well make you|anonymous (?:dms?|messages?|texts?)',
    'piling on|my face on|his face on|her face on|made (?:a|an) (?:video|account|group|page) (?:of|called|about)|getting me down|ai (?:video|thing) .*(?:of|to make)',
  ),
  anyOf('keeps? (?:on )?(?:sending|messaging|texting|calling|tagging|posting|commenting|ringing|dm…)'),
];

/** Words for running down the school or its people. */
export const DISPARAGING: readonly RegExp[] = [
  anyOf(
    'slag…|slat(?:ed|ing)|rubbish…|rip(?:ped|ping) into|bad ?mouth…|trash(?:ed|ing)|dissing|moan…|rant…|defam…|libel…|slander…',
    'run… (?:us|the school|her|him|them) down|running (?:the |our )?school down|disparag…|derogatory|l(?:ies|ying) about',
    'rumou?rs?|gossip…|criticis…|complain… about',
  ),
  anyOf(
    'useless|a joke|rubbish|disgrace…|shambles|incompetent|(?:cant|cannot|can not) teach|failing|wants? sacking|pathetic',
    'should be sacked|worst school|shocking|appalling|(?:one|1) star|(?:bad|nasty|negative) review|nam(?:e|ing) and sham(?:e|ing)',
    'rude (?:post|comment|about|things?)|thick|lazy|a? ?dump|liar|clown|circus|laughing stock|losers?|feral|filthy|toxic|crap|dumb|terrible|a fix|on the take|fiddl…',
  ),
  anyOf(
    '(?:says?|saying|said|claim…|calling|calls|called|accus…|wrote|written|put (?:on|that|up that)) .{0,40}(?:school|teach…|staff|tas?|heads?|headteacher|deputy|governors?|govs|us|place|office|dinner ladies|class|mrs?|miss|ms|sir)',
    'gone off on one|only got the job|one… star|reviews?',
  ),
];

/** Words for other things that should not have happened. */
export const BREACH: readonly RegExp[] = [
  anyOf(
    'without (?:asking|permission|consent)|never signed|no consent|not signed|hasnt (?:signed|given)|shared|leaked|posted',
    'put (?:up )?(?:a )?(?:pics?|pictures?|photos?)|put (?:my|her|his) .* on|tweeted|uploaded|got a (?:photo|pic…) up|livestream…|filmed',
    'using our (?:school )?(?:logo|name|badge)|used (?:his|her|their|the) (?:first |full |real )?name|given .* password|password to',
    'on (?:facebook|her phone|his phone|tiktok|insta…) (?:all )?(?:through|during|in) (?:lessons?|class)',
    'messed up|by mistake|by accident|accidentally|wrong account|hacked|breach…|broken? the (?:rules|policy)',
    'friends with (?:a |her |his )?(?:pupils?|year)|added (?:a |her |his )?pupils?',
  ),
];

/** The person says outright that this is a report. */
export const EXPLICIT_REPORT = anyOf(
  '(?:need|want|wish|like|have|got) to (?:report|flag|log|raise|make a (?:report|complaint)|complain|let you know)',
  '(?:need|want) to tell (?:you|someone|somebody)|(?:id|i would) like to (?:report|flag|log|raise)|i(?:m| am) reporting',
  'reporting (?:a|an|that|this|someone|my)|^report(?:ing)?(?! card)|can i report (?:this|that|a|an|someone|my)',
  'want (?:it|this|that) (?:logged|reported|recorded|dealt with|looked into)|needs? looking (?:at|into)',
  'thought (?:someone|somebody|you) should know|(?:someone|somebody) needs to (?:have a word|know|look|do something|deal)',
);

/** The person thinks of what might happen, or asks for the rule. */
export const HYPOTHETICAL = anyOf(
  'hypothetical…|what if|what happens (?:if|when)|in case|suppos(?:e|ing)|procedure|policy (?:on|say)|rules? (?:on|for|about)',
  '(?:whats?|who|how|where|when) (?:should|do|would|shall|does|must|can|happens?|is|are|if|the) .{0,60}(?:if|when|where)',
  'if (?:an?|any|anyone|someone|somebody|one|i|we|staff|they|you|there|theres|the|indecent|online|my|our|it)',
  'definition|allowed to|whats the (?:rule|policy|process|procedure)',
);

const WH = '(?:what|how|when|where|why|whose|who|hows|whos|whats|whens|wheres)';
const ASKING_VERB =
  '(?:do|does|did|can|could|should|shd|shud|shall|may|might|must|will|would|am|is|are|was|has|have|to|if|about|else)';

/** A part of the message that asks: it starts like a question, turns the verb around, or asks for leave. */
export const ASKS: readonly RegExp[] = [
  /\?/u,
  /, ?(?:do|does|did|can|could|should|shd|shud|may|must|am|is|are|will(?! do)|would)\b(?! (?:being|\w+ing\b))/u,
  new RegExp(
    '(?:^|[.;:!–—-] *|^(?:hi|hiya|hello|pls|please|so|and|just wondering|wondering|ok|morning),? )' +
      `(?:${WH}|which|can|could|may|do|does|did|is|are|am|should|shd|shud|shall|will|would|must|has|have (?:i|we|you)|` +
      'any (?:advice|rules?|idea|guidance|chance)|anything i|need i|dare i)\\b(?! (?:keeps?|has just|is being))',
    'u',
  ),
  new RegExp(`(?:,|\\b(?:so|but|then|and|or|know|tell me|wondering|asking)) ${WH} `, 'u'),
  new RegExp(
    `\\b${WH} ${ASKING_VERB}\\b|\\bwho(?:s|se)? (?:steps|keeps|pays|orders|rings|looks|runs|sorts|takes|gets|signs|checks)\\b`,
    'u',
  ),
  /\b(?:can|could|should|shd|shud|may|shall|must|do|am|are|do|does|is) (?:i|we|you|they|it|he|she|that|this|there|someone|staff)\b/u,
  anyOf('(?:ok|okay|alright|allowed|fine|aloud) (?:if|to|for|that|or)|(?:any|whats the) (?:advice|rules?|guidance)'),
  /\b(?:or not?|right|isnt it|cant i|innit|ok|okay|allowed|problem|good idea)\W*$/u,
];

/** Asking only whom to tell or what to do now does not make a question of what has happened. */
export const ASKS_WHOM_TO_TELL = anyOf(
  '(?:who|where|how) (?:do|does|should|shd|can|could|would|shall) (?:i|we) (?:tell|report|pass|send|speak|go|contact|inform|let|take|flag)(?: (?:it|this|that))?(?: (?:on )?to)?',
  'what (?:do|should|shd|can|shall) (?:i|we) do(?: (?:about (?:it|this|that)|now|next))?|what now|who (?:takes|deals with|needs to know about) (?:it|this|that)',
  '(?:can|could) (?:someone|somebody|you|u|anyone) (?:pls |please )?(?:deal|sort|look|help|do something|step in)',
);

/** Somebody has said or sent it already; with that, an "if" further on does not make it a mere thought. */
export const TOLD = anyOf(
  '(?:told|showed|shown|messaged|texted|emailed|disclosed to) (?:me|us|her|him|them|a|the|my|our|someone)|says|said|has (?:said|sent|told|posted)',
  'saying (?:he|she|they|that)',
);

/** A courtesy before the matter itself. */
export const COURTESY =
  /^(?:(?:hi+|hiya|hey+|hello|morning|afternoon|evening|good (?:morning|afternoon|evening)|thanks?|thank you|cheers|ta|ok|okay|no|yes|yeah|sorry|right|u there|you there|hope you (?:can help|are well|re well))\b[\s,.!?-]*)+/u;

/** People and places that make a plain statement one about the school's life online. */
export const SUBJECT = anyOf(
  'child(?:ren|s)?|kids?|pupils?|students?|girls?|boys?|lads?|lass(?:es)?|little ones?|y(?:ea)?r? ?[r1-9]s?|class',
  'parents?|carers?|mums?|dads?|mother|father|grandad|grandma|nan|stepdad|famil(?:y|ies)|neighbour',
  'teachers?|tas?|staff|colleagues?|head(?:teacher)?|deputy|governors?|govs?|pta|coach|supply|volunteers?|caretaker|lunch…|manager|mrs?|miss|ms|someone|somebody|someones|somebodys|bloke|theyve|theyre',
  'facebook|fb|insta…|tik ?tok|tt|snap…|whats ?app|twitter|tweet…|youtube|linkedin|reddit|nextdoor|mumsnet|discord|roblox|fortnite|google|messenger|page|post…|blog|review…|photos?|pics?|pictures?|video…|account|log ?in|password|online|messages?|texts?|dms?',
);

/** Something has happened, or was seen or told. */
export const HAPPENED = anyOf(
  'just|told|said|says|saw|seen|found|show(?:ed|n|s)|been|has|sent|asked|sending|met|disclosed|worried|scared|posted|getting|wants?|is|are',
  '(?:has|have|had|ive|theyve|hes|shes|theyre|im|weve|was|were|keeps?|put|call(?:ing|s|ed)|wr(?:ote|itten)|made|got|took|taken|left|went|gone|going|gave|given|used|using|set up|theres)',
  '\\w{3,}(?:ed|ing)',
);

/** Whole messages that are small talk. */
export const SMALLTALK: readonly RegExp[] = [
  /^(?:hi+|hiya+|hey+|hello+|helo|yo|morning|afternoon|evening|good (?:morning|afternoon|evening|day)|alright|howdy|[eh]y up)(?: (?:there|all|bot|again|mate|policy desk|you|everyone|team|x+|u|ok|alright|is (?:any|some)(?:one|body) there|hope you.*))*$/u,
  /^(?:bye+|goodbye|(?:good ?)?night|see (?:you|ya|u)\b.*|ta ?ra|laters?|cya|take care|have a (?:good|nice|great|lovely)\b.*|enjoy your\b.*|happy \w+|merry \w+)(?: .{0,25})?$/u,
  /^(?:hope (?:you|youve|your|u)\b.*|oke?y ?doke?y?|is it (?:friday|home ?time|the weekend|half term) yet.*|just (?:looking|browsing|having a (?:nosy|look)).*|tell (?:me|us) a joke.*)$/u,
  /^(?:(?:its|bit|a|so|very|really|the|what) )*(?:chilly|sunny|raining|freezing|weather|boiling|cold|hot)(?: .{0,25})?$/u,
];

/** Beginnings of small talk, which hold as long as nothing is asked. */
export const SMALLTALK_STARTS: readonly RegExp[] = [
  /^(?:(?:ok|okay|ah|oh|aww?|right|yes|no|sure) )*(?:thanks?|thank you|thankyou|thx|ta|tar|cheers|(?:much )?appreciated|nice one|(?:great|good) stuff|got it|understood|will do|all good|no worries|no problem|ok|okay|great|lovely|brilliant|perfect|cool|fab|amazing|wonderful|excellent|yes|no|nope|yep|yeah|nah|sure)\b/u,
  /^(?:haha+|lol+|lmao|hehe+|ha)\b/u,
];

/** Talk about the bot itself, and nothing else. */
export const ABOUT_THE_BOT = new RegExp(
  `^(?:(?:hi|hey|hello|so|and|haha|ok|lol) )*(?:${[
    '(?:are|r) (?:you|u) (?:an? )?(?:real|human|bot|robot|person|ai|computer|there|ok|still there|chatgpt)(?: .{0,25})?',
    '(?:who|what) (?:are|made|built|r) (?:you|u)|whats your name|how are (?:you|u)(?: .{0,15})?|hows it going|how (?:are )?you doing',
    'what (?:else )?can (?:you|u) (?:do|help|answer)(?: (?:me|with|for me|me with))*|what do you do|how (?:do|does) (?:you|this|this bot|this thing) work',
    'youre (?:so |very |really )?(?:quick|fast|clever|great|good|brilliant|funny|a star|a lifesaver|helpful)(?: .{0,25})?',
    '(?:u|you) there|good bot|is this a bot|(?:am i|who am i) (?:talking|speaking) to(?: .{0,20})?|testing(?: .{0,10})?|test|help|can you help(?: me)?',
  ].join('|')})$`,
  'u',
);
