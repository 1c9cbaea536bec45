/** Words and what a light paraphrase says instead. */
const pairs =
  'use:employ can:may must:shall should:ought need:require needs:requires show:display shows:displays make:create makes:creates ' +
  'get:obtain gets:obtains give:provide gives:provides help:assist start:begin starts:begins end:finish stop:halt big:large ' +
  'small:little fast:quick often:frequently because:since also:too but:yet however:still before:ahead after:following ' +
  'user:client users:clients customer:client check:verify checks:verifies change:modify changes:modifies allow:permit ' +
  'allows:permits send:transmit sends:transmits value:amount values:amounts new:fresh old:former important:vital ' +
  'several:some many:numerous first:initial last:final same:identical other:another each:every all:every only:just ' +
  'usually:mostly likely:probable clear:plain simple:easy hard:difficult find:locate keep:retain ask:request tell:inform ' +
  'file:document message:note error:fault method:way way:manner example:instance token:coin contract:agreement ' +
  'account:profile data:information when:whenever which:that will:shall set:put call:invoke calls:invokes';
export const synonyms: ReadonlyMap<string, string> = new Map(
  pairs.split(' ').map((pair) => pair.split(':') as [string, string]),
);

const spanish =
  'the:el a:un an:un and:y or:o of:de to:a in:en on:en for:para with:con without:sin from:desde by:por is:es are:son be:ser ' +
  'not:no it:ello this:este that:que which:cual when:cuando if:si as:como at:en has:tiene have:tener can:puede must:debe ' +
  'should:debería will:va may:puede what:qué how:cómo why:por-qué who:quién do:hacer does:hace new:nuevo all:todo each:cada ' +
  'only:sólo also:también but:pero after:después before:antes user:usuario customer:cliente account:cuenta contract:contrato ' +
  'token:ficha value:valor data:datos message:mensaje time:tiempo day:día days:días money:dinero price:precio risk:riesgo ' +
  'use:usar used:usado call:llamar send:enviar ask:preguntar answer:respuesta check:comprobar change:cambiar owner:dueño ' +
  'address:dirección function:función return:devolver block:bloque network:red attack:ataque key:clave password:contraseña';
const dictionary = new Map(spanish.split(' ').map((pair) => pair.split(':') as [string, string]));
const endings: readonly [RegExp, string][] = [
  [/tion$/, 'ción'],
  [/ity$/, 'idad'],
  [/ment$/, 'miento'],
  [/ing$/, 'ando'],
  [/ed$/, 'ado'],
  [/ly$/, 'mente'],
  [/s$/, 'os'],
  [/y$/, 'ía'],
  [/e$/, 'a'],
];

/**
 * Stands in for a translation into Spanish: frequent words by dictionary, others by their endings, so that hardly a word
 * stays. What it shows about copies in another language is only that word overlap cannot find them.
 */
export function translate(text: string): string {
  return text.replace(/[a-z]+/gi, (word) => {
    const lower = word.toLowerCase();
    const ending = endings.find(([pattern]) => pattern.test(lower));
    return dictionary.get(lower) ?? (ending ? lower.replace(ending[0], ending[1]) : `${lower}o`);
  });
}
