#!/usr/bin/env node
// Writes src/domain/profanity_words.inc, the tables behind the comments' profanity filter.
//
//   mkdir /tmp/words && cd /tmp/words && npm install cuss@2.2.0 badwords-list@1.0.0
//   node tools/make_profanity_list.mjs /tmp/words/node_modules > src/domain/profanity_words.inc
//
// The packages are the raw material: `cuss` rates 1,800 English words and `badwords-list` adds spellings,
// but most of both is far too mild or too ambiguous to refuse a comment for ("gypsy", "bong", "honky",
// "stupid", "god"). So a word is taken when it contains one of the roots below, less what `drop` names,
// plus what `add` names. Both lists are choices to argue about; that is why they are written out here.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = process.argv[2];
if (!modules) {
  console.error('Name the node_modules folder that holds cuss and badwords-list.');
  process.exit(2);
}
const require = createRequire(import.meta.url);
const { cuss } = await import(pathToFileURL(resolve(modules, 'cuss/index.js')));
const badwords = require(resolve(modules, 'badwords-list')).array;
const about = (name) => {
  const { version, license } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'));
  return `${name} ${version} (${license})`;
};

const roots = new RegExp(
  [
    'fuc', 'fuk', 'phuk', 'phuq', 'shit', 'cunt', 'bitch', 'biatch', 'byatch', 'nigg', 'niglet', 'nignog',
    'fag', 'cock', 'dick', 'puss[yi]', 'whore', 'slut', 'wank',
    'ass(hole|wipe|hat|clown|face|fuck|lick|munch|bag|blast|monk|jock|pack|kis|wh)', '^ass(es)?$', 'arse',
    'tits|titty|tittie|titfuck|titwank|titjob|titlick|titlov', 'piss', 'jiz', 'jism',
    'cum(s|shot|ming|bub|fest|jock|$)', 'twat', 'twunt', 'bollo', 'bastard', 'prick', 'schlong', 'spooge',
    'dildo', 'blow ?job', 'rim ?job', 'hand ?job', 'retard', 'dyke', 'tran(nie|ny)', 'shemale', 'wetback',
    'towel ?head', 'raghead', 'porch ?monk', 'jungle ?bun', '^spics?$', 'kike', 'gook', 'chink', 'coon',
    'jigaboo', 'paki', 'beaner', 'felching', 'gang ?bang', 'masturb', 'masterb', 'moth?a', 'mofo', 'jackoff',
    'jerkoff', 'penis', '^clits?$', 'smegma', 'queef', 'bellend', 'knob(end|head|jo)', '^wogs?$', 'darkie',
    'zipperhead', 'kaffir',
  ].join('|'));

// Names, other languages' words, medicine, music, food and mildness.
const drop = new Set(`
  chonkies chonky chonkys clogwog cockfight cockqueen cocksman cocksmith cocktail cocky coondog cumming cummings datnigga
  dickman dyke fagging faggs fagot fagots fuc fux fux0r hiscock kunt masterb8 masterbat* masterbat3 masterblaster negress nigg
  nigg3r nigg4h niggard niggarded niggarding niggardliness niggardlinesss niggardly niggards niggle niggled niggles niggling
  nigglings pussi pussie pussycat scum snigger sniggered sniggering sniggers spick spicks tittie5
  `.trim().split(/\s+/));

// What the packages lack: inflections, today's spellings, and the plainly strong words of other languages.
const add = `
  arses arsewipe assholery bitchass bitched bitchface btch beeyotch bullshitter bullshitting cockwomble cumdump cumslut
  cunting cuntish cunty dickbag dickface dickheads dicks dickish dickwads dikhead dickhed dipshits dogshit batshit apeshit
  batshit shitbag shitbags shithole shitholes shitlord shitshow shitstorm shitpost shittier shittiest shittest shitheads
  shithouse shitless shite shites shyt shytty fck fcks fcked fcker fcking fckin fcuk fcuked fcuking fkn fking fuq fvck fvcking
  fuxk fuxking phuck phucking phucked phucker  kcuf faggy jizzed jizzing motherfecker niggas niggaz niggers 
  prickish retards slutbag slutshaming  stfu gtfo kys twats twatwaffle wankers wankstain wankbag wanks wanked whores
  whorish  trannies trannys chinks gooks kikes pakis clit clits nutsack ballsack cocksuckers blowjobs
  handjobs rimjobs shemales towelheads azzhole asswipes asshats cockheads penises pussys muthafucka muthafucker
  muthafuckin muthafucking

  arschloch arschgeige arschficker arsch fotze fotzen hurensohn hurensoehne wichser wichse wichsen schlampe schlampen
  scheisse scheiss scheissen scheisser ficken gefickt ficker fickt fickdich nutte nutten schwuchtel schwuchteln
  missgeburt kanake kanaken spasti verpissdich hure huren

  merde merdes merdique putain putains pute putes salope salopes salopard connard connards connasse connasses encule
  encules enculer enculee foutre couille couilles couillon branleur branleurs emmerde emmerder fdp ntm niquetamere
  filsdepute tarlouze

  mierda mierdas puta putas puto putos hijodeputa hijueputa hijaputa hijoputa joder jodido jodida jodete cabron cabrones
  cabrona pendejo pendejos pendeja gilipollas gilipolla maricon maricones chinga chingar chingada chingado chingatumadre
  follar follada culero malparido mamahuevo putamadre

  caralho caralhos porra foda fodase foder fodido buceta viado merda merdas cuzao arrombado filhodaputa
  cazzo cazzi stronzo stronza stronzi puttana puttane minchia coglione coglioni vaffanculo frocio rottinculo

  klootzak klootzakken kankerhoer kutwijf neuken kurwa kurwy kurwe kurwo chuj chuja chujem pierdole pierdolic pierdoli
  pierdolony spierdalaj wypierdalaj jebac jebany jebane pizda skurwysyn skurwiel knulla vittu vitun orospu siktir
  sikeyim amk jebem jebote blyat blyad pizdec nahuy pidor pidoras madarchod bhenchod behenchod bhosdike chutiya
  putangina putanginamo
  `.trim().split(/\s+/);

// Refused wherever they stand in a word ("thefuckinghell", "arschlöcher"); chosen so that no dictionary
// word or name known to us contains one.
const stems = `fuck phuck motherfuck nigger faggot asshole arsehole cocksuck dickhead bullshit shithead cumshot blowjob
  arschloch arschloech hurensohn wichser fotze scheiss vaffancul gilipoll pierdol kurwa hijodeput hijueput mamaguevo
  sonofabitch muthafuck mothafuck fucktard cuntface cuntlick madarchod bhenchod putangina bumfuck mindfuck`.split(/\s+/);

// The few that people really write with gaps, doubled letters or stars: "fu ck", "bittch", "f**k".
const strong = new RegExp(
  '^((mother|bum|mind|dumb|fat)?fuck(s|er|ers|ed|in|ing|you|off|it|face|wit|tard)?|(bull|dip|horse)?shit(s|ty|head)?|cunts?|' +
  'bitch(es)?|nigg(er|a)s?|faggots?|(ass|arse)holes?|whores?|wankers?|dickheads?|cocksuckers?|pussy|twats?|bastards?|' +
  'arschloch|hurensohn|fotze|hijodeputa|putamadre|filsdepute|filhodaputa|niquetamere|fickdich|verpissdich|' +
  'chingatumadre|sonofabitch|putangina)$');
const masked = new RegExp(strong.source.replace(')$', '|dicks?|cocks?|sluts?|tits|piss|fag|retard|retarded)$'));

// Their pieces are too common to be put together: Spanish "y", "bast" and "ard".
const neverInPieces = new Set(['pussy', 'bastard', 'bastards']);

// Words that are also people's names: spared where the words around them say so (see profanity.cc).
const names = new Set(['dick', 'kike', 'coon', 'cock', 'fuk', 'fag']);

// Marks matter here: "cono" is a cone, "pede" asks, and "mose" is Moses. Matched with their marks on.
const withMarks = ['coño', 'coños', 'pédé', 'pédés', 'möse', 'sıçmak'];
// Other scripts: beginnings of words, and runs that are strong wherever they stand.
const prefixes = `хуй хуе хуё хуя хуи пизд ебат ебан ебал ебуч ёбан заеб наеб выеб отъеб уеб долбоеб долбоёб бляд блять
  мудак мудил пидор пидар гандон сука суки сучка шлюх хуям нахуй нахуя похуй похуи ахуе ахуи охуе охуи нихуя дохуя спизд распизд припизд`.split(/\s+/);
const contains = ['操你妈', '肏你', '草你妈', '傻逼', '傻屄', '他妈的', '婊子', '死ね', '씨발', '시발놈', '개새끼', '병신',
  'كس امك', 'شرموط', 'मादरचोद', 'भेनचोद', 'จู๋', 'ไอ้เหี้ย', '🖕'];

// Innocent company. A flagged word is spared when it stands in one of these, word for word.
const allow = `
  moby dick|dick van dyke|dick dale|dick clark|dick tracy|dick turpin|dick whittington|dick cheney|
  dick haymes|spotted dick|tom dick and harry|tom dick harry|philip k dick|deadeye dick|dick and dom|
  dick and jane|dick barton|dick emery|dick francis|clever dick|dick grayson|dick powell|dick rivers|
  cock robin|cock sparrow|cock sparrer|cock a doodle|cock a doodle doo|cock and bull|weather cock|
  fighting cock|black cock|cock a leekie|cock of the walk|cock of the north|turkey cock|half cock|maine coon|
  maine coons|coon rapids|coon creek|coon hound|carleton coon|coon sanders|pussy riot|pussy willow|
  pussy willows|pussy cat|pussy cats|pussy galore|pussy foot|spic and span|spic n span|spic span|chink in the|
  chinks in the|chink of light|a chink in|blue tits|great tits|coal tits|marsh tits|willow tits|crested tits|
  long tailed tits|tits and finches|cum laude|magna cum laude|summa cum laude|cum grano|chorlton cum hardy|
  cum hardy|cum linton|cum annis|cum dederit|mox cum|cum sancto spiritu|cum sancto|cum on feel the noize|
  cum libra|cum dividend|vade mecum|cum pace|cum suis|spic en span|algemenen nutte|die pute|eine pute|pute mit|puten pute|kaffir lime|kaffir limes|kaffir lily|kaffir lilies|kick ass|
  bad ass|wild ass|wild asses|kick asses|das ass|ein ass|ass im|pik ass|kreuz ass|herz ass|karo ass|ar slut|
  till slut|det slut|slut pa|slut med|nu slut|snart slut|slut nu|slut for|tog slut|tar slut|slut sager|
  hade slut|blir slut|blev slut|slut i|it slut|er slut|til slut|slut kapitel|slut signal|tills slut|i slut|
  vid slut|en retard|du retard|le retard|de retard|ce retard|mon retard|ton retard|son retard|sans retard|
  un retard|aucun retard|retard de|retard du|au retard|retard dans|retard sur|les retards|des retards|
  retard pour|leur retard|quel retard|retards de|retards du|sto puta|dva puta|tri puta|cetiri puta|pet puta|
  hiljadu puta|tisucu puta|nekoliko puta|ovog puta|ovoga puta|prvog puta|koliko puta|vise puta|toliko puta|
  bezbroj puta|drugog puta|milion puta|deset puta|svakog puta|kraj puta|na kraju puta|pored puta|puta sam|
  pola puta|puto bumbong|puto cheese|puto at kutsinta|paki paki|dick aufgetragen|cock crows|cock o the|dildo newfoundland|puto maya|never mind the bollocks|mind the bollocks|dirty bastard|
  ol dirty bastard|inglourious bastards|magnificent bastard|heartless bastards|bastard pop|prick up|pricks up|
  prick your ears|arsch huh|piss artist|piss poor|piss up|fag end|fag ends|fag packet|fag ash|fag butt|
  fag lady|norsk fag|mitt fag|dette fag|et fag|ett fag|alle fag|flere fag|fag og|viktig fag|favoritt fag|
  dansk fag|penis envy|fire retard|arse end|ficken liqueur|kick some ass|bitches brew|whore of babylon|
  jolie pute|la pute respectueuse|wog boy|wogs out of work|balaams asses|merde alors|
  merda d artista|minchia signor tenente|kike santander`.split('|').map((phrase) => phrase.trim());
// Whole words that only look as if (a doubled letter, a foreign word).
const spared = `snigger sniggers sniggered sniggerer sniggerers sniggering sniggeringly aß twatt shiit shiitt cuntis bitche bitchu bitchfield shittu slutt putta cockburn cockfosters scunthorpe penistone
  hitchcock cocker cocking pennis whoor twattt`.split(/\s+/);

const clean = (word) => word.toLowerCase().replace(/[ \-_.']/g, '');
const spelled = new Map();  // word → may be written with a gap
for (const word of [...Object.keys(cuss), ...badwords]) {
  const lower = word.toLowerCase();
  if (!roots.test(lower) || drop.has(lower) || !/^[a-z]+([ \-_.'][a-z]+)*$/.test(lower)) continue;
  if (/^f[ _]u[ _]c[ _]k/.test(lower) || /^(s h|s hi|s_h|a_s)/.test(lower) || lower === 's hit') continue;
  spelled.set(clean(lower), spelled.get(clean(lower)) || /[ \-]/.test(lower));
}
for (const word of add) spelled.set(word, spelled.get(word) || false);
for (const word of [...stems]) if (!spelled.has(word)) spelled.set(word, false);

const quote = (text) => JSON.stringify(text);
const table = (type, name, rows, perLine) => {
  const lines = [];
  for (let i = 0; i < rows.length; i += perLine) lines.push('    ' + rows.slice(i, i + perLine).join(', ') + ',');
  return `constexpr ${type} ${name}[] = {\n${lines.join('\n')}\n};\n`;
};
const rows = [...spelled.keys()].sort().map((word) => {
  const kinds = ['kWord'];
  if (stems.includes(word)) kinds.push('kStem');
  if (spelled.get(word) || /^(hand|rim)jobs?$/.test(word) || (strong.test(word) && !neverInPieces.has(word))) kinds.push('kGap');
  if (strong.test(word)) kinds.push('kDoubled');
  if (masked.test(word)) kinds.push('kStars');
  if (names.has(word)) kinds.push('kName');
  return `{${quote(word)}, ${kinds.join(' | ')}}`;
});
const strings = (list) => [...new Set(list)].sort().map(quote);

console.log(`// Made by tools/make_profanity_list.mjs; change the lists there, not here.
//
// The words come from the npm packages ${about('cuss')} and ${about('badwords-list')}, chosen
// by root and cut by hand, with additions of this project. Their notice:
//
//   The MIT License. Copyright (c) 2016 Titus Wormer; Copyright (c) 2013 Maurice Butler.
//   Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
//   associated documentation files (the "Software"), to deal in the Software without restriction,
//   including without limitation the rights to use, copy, modify, merge, publish, distribute,
//   sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
//   furnished to do so, subject to the following conditions: the above copyright notice and this
//   permission notice shall be included in all copies or substantial portions of the Software.
//   THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
//   NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
//   NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
//   OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
//   CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
//
// Mind the reader: what follows is what the filter refuses, and it is as ugly as that sounds.
// clang-format off
`);
console.log(table('WordEntry', 'kWords', rows, 3));
console.log('// Matched whole, case folded, with their marks on.');
console.log(table('std::string_view', 'kMarkedWords', strings(withMarks), 8));
console.log('// Beginnings of words in scripts that the Latin table cannot spell.');
console.log(table('std::string_view', 'kForeignPrefixes', strings(prefixes), 8));
console.log('// Refused wherever they stand.');
console.log(table('std::string_view', 'kForeignAnywhere', strings(contains), 8));
console.log('// Company in which a word above is innocent.');
console.log(table('std::string_view', 'kInnocentPhrases', strings(allow), 5));
console.log('// Words that a doubled letter makes look like one above.');
console.log(table('std::string_view', 'kInnocentWords', strings(spared), 8));
console.log('// clang-format on');
