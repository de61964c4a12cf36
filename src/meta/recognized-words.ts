import { audienceErrors } from './errors-audiences.ts';
import { accessErrors } from './errors-access.ts';
import { conversionErrors } from './errors-conversions.ts';
import { generalErrors } from './errors-general.ts';

/** Words of Meta's messages and field names, as far as they were seen; nobody's name is among them. */
const seen =
  'a about access bit things account accounts act action active ad add added address ads again all allowed already an and any api app application applications apps are ' +
  'array as at attempt audience audiences authorization available bad be because been before being below between business but by bytes call called ' +
  'calling calls can cannot changed check client code column columns combination content contents contain contains conversion conversions correct could country ' +
  'create created currency current currently custom customaudiences customer data dataset date deleted deprecated description developer developers did disabled ' +
  'does documentation due duplicate each edge either email empty ensure enough entry entries error event events exceeded exist exists expected expired ' +
  'external failed fail feature few field fields file first following for format found from future get given go graph greater has hash hashed have however http https ' +
  'id ids if in incorrect info information input integer internal into invalid is issue it its item items json key keys large larger last latest ' +
  'later least length less limit limited list loaded location long longer lookalike madid malformed many match matches maximum message method minimum missing more most must name ' +
  'need needs new no non not null number numbers object objects occurred of off old on one only operation option options or other out over page ' +
  'param parameter parameters params parse path payload per permission permissions phone pixel please policy positive possible post privacy problem process ' +
  'processing product products provide provided query rate read reached received reduce refer reference reject rejected replace request requested requests ' +
  'require required requires response retry role row rows schema second seconds secret see seem seems send sent server service session set sha sha256 should ' +
  'since size some source specified standard status string strings submit subtype subscription such support supported system temporarily terms test than that the ' +
  'their them then there these this through time times timestamp to token tokens too total try two type unable unavailable unexpected unix unknown unsupported until update ' +
  'updated upload uploads url use used user users using valid validate validated validating validation value values version visit wait was we website were when ' +
  'where which while with within without wrong year you your zip date birth gender state city opt link is based sale retention days quota score usage ' +
  'fn ln fi em ph ge db ct st zp fbc fbp dob uid click browser agent ip extinfo info delivery category order search predicted ltv num items';

/** Written with a capital wherever they stand. */
const proper =
  'meta facebook instagram whatsapp messenger oauth api url http https json id ids pst pdt utc gmt monday tuesday wednesday thursday friday saturday sunday';

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z][a-z0-9']*/g) ?? [];
}

/** Also people are called so. */
const names = 'may will mark grant bill page rose price';

const ours = [generalErrors, accessErrors, conversionErrors, audienceErrors].flatMap((rows) =>
  rows.flatMap(({ meaning, name }) => wordsOf(`${meaning} ${name}`)),
);
const words: ReadonlySet<string> = new Set([...wordsOf(seen), ...wordsOf(proper), ...ours]);
const ambiguous: ReadonlySet<string> = new Set(wordsOf(names));

/** Whether a word, or a name made of words such as `custom_data`, is one of those that Meta's messages are made of. */
export function isRecognizedWord(text: string): boolean {
  return text.split(/[_-]/).every((part) => {
    const word = part.toLowerCase();
    return words.has(word) && !(ambiguous.has(word) && part !== word);
  });
}
