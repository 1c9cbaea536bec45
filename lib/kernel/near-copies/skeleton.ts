/**
 * Letters of other scripts that look like Latin ones, after lower-casing: the common part of UTS #39's confusables. Pairs of
 * (look-alike, Latin). Full-width and mathematical letters are no matter of this list: NFKC folds them.
 */
const lookAlikePairs =
  'аaвbсcԁdеeһhіiјjкkӏiмmнhоoрpԛqѕsтtцuѵvԝwхxуyүyґrѐeёeїi' + // Cyrillic
  'αaβbγyεeηnιiκkνvοoρpτtυuχxωw' + // Greek
  'օoսuոnհhցgզqյjաwղnіi' + // Armenian
  'ɑaɡgıiłiøoßsʏyᴀaᴄcᴅdᴇeᴊjᴋkᴍmᴏoᴘpᴛtᴜuᴠvᴡwᴢz';
const lookAlikes = new Map(
  Array.from({ length: [...lookAlikePairs].length / 2 }, (_, i) => {
    const letters = [...lookAlikePairs];
    return [letters[2 * i]!, letters[2 * i + 1]!] as const;
  }),
);

/** Signs that look like i or o inside a word: `he11o`, `passw0rd`. Numbers stay numbers. */
const insideWord: Readonly<Record<string, string>> = { l: 'i', '1': 'i', '|': 'i', '0': 'o' };

/**
 * A text as the eye skims it, by which copies are recognised: without invisible characters, accents, case and sentence
 * marks, look-alike letters as Latin ones, words apart by one space. Words that look the same come out the same; what
 * changes a meaning stays: numbers, signs of arithmetic, the marks of scripts that write vowels as marks. Never shown and
 * never stored as anybody's text.
 *
 * Foreign words change too, all alike: a Cyrillic text comes out half Latin, and two Cyrillic texts still compare as before.
 */
export function skeletonOf(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Default_Ignorable_Code_Point}|\p{Cf}|[\u0300-\u036f]/gu, '')
    .normalize('NFKC')
    .toLowerCase();
  return plain
    .replace(/[\u0370-\u058f\u0250-\u02af\u1d00-\u1d7fıłøß]/gu, (letter) => lookAlikes.get(letter) ?? letter)
    .replace(/[^\p{L}\p{N}\p{M}\p{S}%&*/@#-]+|-(?!\d)/gu, ' ')
    .replace(/\S+/gu, (word) => (/\p{L}/u.test(word) ? word.replace(/[l1|0]/g, (sign) => insideWord[sign]!) : word))
    .replace(/\s+/gu, ' ')
    .trim();
}
