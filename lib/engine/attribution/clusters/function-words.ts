/**
 * Words that hold a sentence together and say nothing of their own (closed classes: articles, prepositions of place and
 * belonging, auxiliaries, pronouns, question words, conjunctions), in the canonical form of rows. A row in which only they
 * changed says the same. Left out are those that turn a meaning round: not, no, without, except, before, after, until, more, less.
 * Languages that are not here are judged by all their words. Part of rule first-commit/3: a change needs a new rule.
 */
const lists = {
  english: `a an the this that these those one some any each every i you he she it we they me him her us them my your his its our
    their who whom whose which what where when why how of in on at to from by for with within into onto upon about as is are was
    were be been being am do does did done has have had having will would can could shall should may might must and or plus also if
    then than so there here just please`,
  german: `der die das den dem des ein eine einen einem einer eines dieser diese dieses ich du er sie es wir ihr mich dich ihn uns
    euch mir dir ihm ihnen mein dein sein unser wer wen wem was welche welcher welches wo wann wie warum von zu zum zur in im ins an am
    auf aus bei mit für um ist sind war waren wird werden wurde wurden hat haben hatte hatten kann können soll sollen muss müssen darf
    dürfen und oder auch wenn dann als so da hier bitte`,
  french: `le la les l un une des du de d ce cet cette ces je tu il elle on nous vous ils elles me te se lui leur mon ma mes ton ta
    tes son sa ses notre votre qui que quoi quel quelle quels quelles où quand comment pourquoi à au aux en dans par pour sur chez est
    sont était étaient sera seront été être a ont avait avaient avoir peut peuvent doit doivent et ou aussi si donc y`,
  spanish: `el la los las lo un una unos unas de del este esta estos estas ese esa yo tú él ella ello nosotros ellos ellas me te se
    le les mi tu su nuestro quien quién que qué cual cuál dónde cuándo cómo a al en por para con es son era eran fue fueron será ser
    está están ha han había haber puede pueden debe deben y e o u también si`,
} as const;

const functionWords: ReadonlySet<string> = new Set(Object.values(lists).flatMap((list) => list.split(/\s+/)));

/** A canonical text without its function words. */
export function contentOf(text: string): string {
  return text
    .split(' ')
    .filter((word) => !functionWords.has(word))
    .join(' ');
}
