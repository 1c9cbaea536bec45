/** Words that hardly a text of the language does without, by language. Words that two of them share are kept in both. */
export const functionWords: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    en: 'the of and to in is that it for was on are as with be this have from or by not but what they which you we can if do how an at your will when should does why who their has its a i',
    es: 'el la de que y en los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde es qué cómo',
    fr: 'le la les de des du et à en un une que qui dans pour pas sur au par avec ce il sont est ne se plus aux ou mais son sa ses nous vous être cette comme quel quelle comment',
    de: 'der die das und in zu den von mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach bei um noch wie über so nur oder wenn wird was warum man',
    it: 'il di che e la in un per è non con una sono del si da come le dei gli al nella anche più ma lo della ha quando cosa perché questo questa o',
    pt: 'o a de que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso você',
    nl: 'de het een van en in is dat op te zijn met voor niet aan er om ook als dan maar hij ze bij door naar wat hoe waarom wordt nog deze uit kan',
    pl: 'i w na z do nie się że to jest o jak a po co za przez od dla czy tak ale są ma już tylko gdy lub jego który która które',
    tr: 've bir bu da de için ile çok ne var daha gibi olarak ama o mi en kadar sonra her şey nasıl neden değil olan',
    id: 'yang dan di untuk dari dengan ini itu pada tidak ke adalah dalam akan juga atau apa bagaimana bisa karena ada oleh',
    sv: 'och att det i en som är på av för med den till inte ett om har de var vad hur varför kan men eller så från när',
    ru: 'и в не на что я с он как это по но они к у же вы за бы из так от для все о ее его только мне было',
  }).map(([code, words]) => [code, new Set(words.split(' '))]),
);
