/**
 * Frequent given names of many languages, lower-case. Words that mean something else in English at the beginning of a
 * sentence (Will, May, Grace, Mark, Faith, Drew) are left out: a name that is missed here may still be introduced by a title.
 */
export const givenNames: ReadonlySet<string> = new Set(
  (
    'james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony donald steven paul ' +
    'andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen ' +
    'larry justin scott brandon benjamin samuel gregory alexander patrick raymond jack dennis jerry tyler aaron jose adam nathan ' +
    'henry douglas zachary peter kyle ethan walter noah jeremy christian keith roger terry austin sean gerald carl harold dylan ' +
    'arthur lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan albert willie elijah wayne randy vincent mason ' +
    'roy ralph bobby russell bradley philip eugene liam oliver oscar leo theo hugo finn lucas luke owen isaac simon martin ' +
    'mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley kimberly ' +
    'emily donna michelle carol amanda melissa deborah stephanie rebecca sharon laura cynthia dorothy amy kathleen angela shirley ' +
    'emma brenda pamela nicole anna samantha katherine christine helen debra rachel carolyn janet maria catherine heather diane ' +
    'olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea hannah megan cheryl jacqueline ' +
    'martha madison teresa gloria sara janice ann kathryn abigail sophia frances jean alice judy isabella julia amber denise ' +
    'danielle marilyn beverly charlotte natalie theresa diana brittany doris kayla alexis lori marie chloe lucy ella mia zoe ' +
    'hans klaus jürgen wolfgang karl heinz stefan andreas matthias jens uwe dieter günter anke heike sabine petra monika ursula ' +
    'ingrid gudrun birgit katrin pierre jacques michel philippe françois luc antoine nicolas julien camille élodie amélie ' +
    'chantal sylvie nathalie isabelle céline giovanni giuseppe marco luca francesco alessandro matteo lorenzo giulia chiara ' +
    'francesca elena paolo carlos luis javier miguel alejandro pedro pablo sergio fernando diego carmen lucía sofía isabel ' +
    'pilar rosa marta ana joão paulo rafael bruno tiago mariana beatriz fernanda ivan dmitri sergei alexei vladimir boris ' +
    'natasha olga irina tatiana svetlana piotr paweł krzysztof agnieszka katarzyna małgorzata ahmed mohammed muhammad mohamed ' +
    'ali hassan hussein omar khalid ibrahim yusuf fatima aisha layla zainab mariam noor amina wei li jing yan ming hui xin ' +
    'hiroshi takeshi kenji yuki haruto sakura yoko akira min-jun ji-woo seo-yeon hye-jin raj amit rahul vijay sanjay arjun ' +
    'ravi suresh priya anjali pooja sunita lakshmi deepa kavita chidi emeka ngozi chioma kwame kofi ama abena thabo sipho ' +
    'nomsa zanele björn lars sven anders erik magnus astrid freya linnea nguyen tran linh anh mehmet mustafa ayşe zeynep emre ' +
    'dimitris yannis eleni sofia nikos kostas angus hamish fiona morag ailsa callum ewan isla rhona siobhan niamh declan'
  ).split(' '),
);
